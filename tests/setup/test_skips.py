"""What is left out is named at the end; with CI=true it fails unless the machine truly lacks it."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
EXAMPLES = """
import pytest

def test_passes(): pass

def test_without_a_library(): pytest.importorskip("no_such_library")

def test_with_a_recording(testdata): testdata("speech/hello.wav")

@pytest.mark.xfail(reason="known")
def test_known_fault(): raise AssertionError
"""


@pytest.mark.parametrize(
    ("reason", "shared", "gpu", "accepted"),
    [
        ("../shared/testdata/speech/a.wav is absent", False, False, True),
        ("../shared/testdata/speech/a.wav is absent", True, False, False),
        ("needs a GPU", False, False, True),
        ("needs a GPU", False, True, False),
        ("torch is not installed", False, False, False),
    ],
)
def test_which_reasons_are_accepted(reason: str, shared: bool, gpu: bool, accepted: bool) -> None:
    may_skip = runpy.run_path(str(CONFTEST))["may_skip"]
    assert may_skip(reason, shared=shared, gpu=gpu) is accepted


def outcome(tmp_path: Path, ci: str, *options: str) -> tuple[int, str]:
    folder = tmp_path / "clone" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(CONFTEST, folder)
    (folder / "test_examples.py").write_text(EXAMPLES, encoding="utf-8")
    plain = ["-q", "-p", "no:cacheprovider", "--rootdir", str(folder.parent)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *options, str(folder)],
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_person_sees_what_was_left_out(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, "")
    assert code == 0, output
    assert "left out: 2" in output
    assert "1  ../shared/testdata/speech/hello.wav is absent" in output
    assert "no_such_library" in output


def test_processes_that_share_the_work_tell_it_once(tmp_path: Path) -> None:
    module = tmp_path / "clone/tests/test_whole.py"
    module.parent.mkdir(parents=True)
    module.write_text("import pytest\npytest.importorskip('another_library')\n", encoding="utf-8")
    code, output = outcome(tmp_path, "", "-p", "xdist", "-n", "2")
    assert code == 0, output
    assert "left out: 3" in output
    assert "another_library" in output


def test_continuous_integration_accepts_only_what_the_machine_lacks(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, "true")
    assert code == 1, output
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed" in output


def test_a_whole_module_left_out_is_accepted_by_a_person_alone(tmp_path: Path) -> None:
    module = tmp_path / "clone/tests/test_whole.py"
    module.parent.mkdir(parents=True)
    module.write_text("import pytest\npytest.importorskip('no_such_library')\n", encoding="utf-8")
    assert outcome(tmp_path, "")[0] == 0
    code, output = outcome(tmp_path, "true")
    assert code == 2
    assert "test_whole.py was left out, which CI=true does not accept" in output
