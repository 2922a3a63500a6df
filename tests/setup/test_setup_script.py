"""scripts/setup: when it returns at once, when it works again, and what it says is missing."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
set -euo pipefail
root=$PWD here=$PWD/scripts venv=$PWD/.venv marks=$PWD/.venv/.setup level=${LEVEL:-dev}
say() { printf '%s\\n' "$*"; }
. scripts/system.sh
. scripts/environment.sh
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what setup reads, under a path with spaces, with a stand-in for the environment."""
    home = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", home / "scripts")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, home)
    (home / ".venv/bin").mkdir(parents=True)
    (home / ".venv/.setup").mkdir()
    (home / ".venv/pyvenv.cfg").write_text("version = 3.11.2\n", encoding="utf-8")
    for name, body in (("python", f'exec "{sys.executable}" "$@"'), ("visavis", "true")):
        path = home / ".venv/bin" / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
    return home


def shell(checkout: Path, script: str, **environment: str) -> str:
    done = subprocess.run(
        ["bash", "-c", PREPARE + script],
        cwd=checkout,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


READY = "stamp=$(environment_stamp); environment_is_ready && echo ready || echo not"


def test_a_finished_environment_is_ready_and_takes_no_work(checkout: Path) -> None:
    assert shell(checkout, READY) == "not"
    assert shell(checkout, "environment_mark; " + READY) == "ready"
    done = subprocess.run([checkout / "scripts/setup", "--check"], cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "scripts/setup", ".venv/pyvenv.cfg"])
def test_a_change_of_what_it_depends_on_asks_for_work(checkout: Path, name: str) -> None:
    shell(checkout, "environment_mark")
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("version = 9\n")
    assert shell(checkout, READY) == "not"
    done = subprocess.run([checkout / "scripts/setup", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make setup" in done.stderr


def test_a_wider_level_contains_the_narrower_ones(checkout: Path) -> None:
    shell(checkout, "environment_mark", LEVEL="all")
    assert [shell(checkout, READY, LEVEL=level) for level in ("serve", "dev", "all")] == ["ready"] * 3
    shutil.rmtree(checkout / ".venv/.setup")
    (checkout / ".venv/.setup").mkdir()
    shell(checkout, "environment_mark", LEVEL="serve")
    assert [shell(checkout, READY, LEVEL=level) for level in ("serve", "dev", "all")] == ["ready", "not", "not"]


@pytest.mark.parametrize(
    "damage",
    [
        "rm .venv/bin/visavis",
        "printf '#!/bin/sh\\nexit 1\\n' >.venv/bin/python",
        "echo absent-package==1.0 >>.venv/.setup/installed",
        "rm .venv/.setup/dev",
    ],
)
def test_a_damaged_environment_is_not_ready(checkout: Path, damage: str) -> None:
    shell(checkout, "environment_mark")
    assert shell(checkout, damage + "; " + READY) == "not"


def test_an_environment_that_was_moved_is_made_anew(checkout: Path) -> None:
    shell(checkout, "environment_mark")
    said = shell(
        checkout,
        "printf /elsewhere >$marks/root; make_venv() { mkdir -p $venv/new; }; environment_create; ls .venv".replace(
            "$venv/new", '"$venv/new"'
        ).replace(">$marks/root", '>"$marks/root"'),
    )
    assert "making it anew" in said
    assert said.endswith("new")


NOTHING = "has_library() { return 1; }; has_command() { return 1; }; has_chinese_font() { return 1; }; "


def test_missing_system_packages_are_named_in_one_line(checkout: Path) -> None:
    said = shell(checkout, NOTHING + "system_name_missing", LEVEL="serve")
    assert said.count("\n") == 0
    assert said.endswith("apt-get install -y --no-install-recommends libegl1 libgl1 fonts-noto-cjk chromium")
    assert shell(checkout, NOTHING + "system_missing", LEVEL="dev").endswith("flite sox ffmpeg")


def test_only_root_installs_and_only_once_for_the_same_list(checkout: Path) -> None:
    log = "apt_install() { echo installs: $*; }; apt-get() { :; }; "
    user = NOTHING + log + "can_install() { return 1; }; system_install_missing"
    root = NOTHING + log + "can_install() { return 0; }; system_install_missing"
    assert shell(checkout, user, LEVEL="serve") == ""
    assert "installs: libegl1" in shell(checkout, root, LEVEL="serve")
    tried = "system_missing >.venv/.setup/apt-tried; "
    assert shell(checkout, NOTHING + tried + root, LEVEL="serve") == ""


def test_a_failing_apt_is_not_the_end(checkout: Path) -> None:
    failing = NOTHING + "apt-get() { return 100; }; can_install() { return 0; }; system_install_missing; echo goes on"
    assert shell(checkout, failing).endswith("goes on")


def test_a_wrong_level_is_a_bad_call() -> None:
    done = subprocess.run([ROOT / "scripts/setup", "everything"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage" in done.stderr


def distribution(folder: Path, name: str, version: str) -> None:
    (folder / name).mkdir()
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n{info.name}/METADATA,,\n../../bin/x,,\n", encoding="utf-8")


def test_the_inventory_finds_what_is_gone_changed_or_hollow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("whole", "changed", "hollow"):
        distribution(tmp_path, name, "1.0")
    (tmp_path / "hollow").rmdir()
    monkeypatch.syspath_prepend(tmp_path)
    inventory = runpy.run_path(str(ROOT / "scripts/inventory.py"))
    expected = ["whole==1.0", "changed==2.0", "hollow==1.0", "gone==1.0"]
    assert inventory["broken"](expected) == ["changed==2.0", "hollow==1.0", "gone==1.0"]
