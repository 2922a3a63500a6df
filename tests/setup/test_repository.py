"""What every file of the repository keeps to, and the targets a newcomer types."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOT = r"\."
REGISTRIES = [
    f"pypi{DOT}org",
    f"pythonhosted{DOT}org",
    f"download{DOT}pytorch",
    f"deb{DOT}debian",
    f"npmjs{DOT}(org|com)",
]
MACHINE = r"(?<![\w.])/(work|root|home/\w+)/\w"
TARGETS = ["setup", "serve", "test", "check", "bench", "doctor", "clean", "help"]


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    assert paths, "git lists no file; run the tests in a clone"
    return [path for path in paths if path.is_file() and path != Path(__file__).resolve()]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    unwanted = re.compile("|".join([*REGISTRIES, MACHINE]).encode())
    found = {
        f"{path.relative_to(ROOT)}: {hit.group().decode()}"
        for path in files()
        for hit in [unwanted.search(path.read_bytes())]
        if hit and path.suffix not in {".png", ".jpg", ".wav", ".mp4", ".ico", ".woff2"}
    }
    assert not found


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_has_the_target(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_works_from_elsewhere_and_under_a_path_with_spaces(tmp_path: Path) -> None:
    home = tmp_path / "a place with spaces"
    home.mkdir()
    shutil.copy(ROOT / "Makefile", home)
    command = ["make", "-f", str(home / "Makefile")]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert "make serve" in done.stdout, done.stderr


def test_a_run_in_continuous_integration_takes_every_engine() -> None:
    plain, full = (
        subprocess.run(
            ["make", "-n", "test", f"CI={value}"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for value in ("", "true")
    )
    assert "scripts/setup dev" in plain
    assert "scripts/setup all" in full


def test_the_licence_table_covers_every_runtime_dependency() -> None:
    licences = runpy.run_path(str(ROOT / "scripts" / "licences.py"))
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    for dist in licences["closure"]():
        name = licences["canonicalize_name"](dist.name)
        assert f"| {name} | {licences['licence'](dist)} |" in page
