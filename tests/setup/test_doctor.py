"""The doctor: every finding has a name, and what is wrong has the line that mends it."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from runtime import doctor
from runtime.doctor import Check, as_json, examine, probe, report
from visavis.errors import SetupError
from visavis.weights import SILERO, Weight, locate


def configuration(folder: Path, port: int, engine: str = "espeak") -> Path:
    (folder / "dialogs").mkdir(parents=True)
    (folder / "app.yaml").write_text(f"server: {{host: 127.0.0.1, port: {port}}}\n", encoding="utf-8")
    (folder / "dialogs/desk.yaml").write_text(
        f"dialog: desk\nknowledge: [desk]\ntts: {{engine: {engine}}}\n", encoding="utf-8"
    )
    return folder


def find(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_everything_wrong_names_its_remedy(tmp_path: Path) -> None:
    checks = examine(configuration(tmp_path / "configs", 0))
    assert {"python", "memory", "configuration", "H.264 encoder", "voice (espeak-ng)"} <= {
        check.name for check in checks
    }
    assert [check for check in checks if check.ok is False and not check.remedy] == []
    assert all("/" not in check.name for check in checks)


def test_gpl_code_stays_out_of_this_process(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from runtime.doctor import examine; "
        f"examine(pathlib.Path({str(tmp_path)!r})); "
        "print('kept out' if not {'av', 'espeakng_loader', 'skia'} & set(sys.modules) else '')"
    )
    assert probe(script) == (True, "kept out")


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    folder = configuration(tmp_path, 0)
    (folder / "app.yaml").write_text("server:\n  port: many\n", encoding="utf-8")
    check = find(doctor._configuration(folder), "configuration")
    assert check.ok is False
    assert "app.yaml:2: server.port" in check.detail
    assert check.remedy


def test_a_taken_port_and_a_missing_certificate_are_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        checks = doctor._configuration(configuration(tmp_path, port))
        assert find(checks, f"port {port}").remedy == f"visavis serve --port {port + 1}"
    (tmp_path / "app.yaml").write_text("server: {tls: {cert: absent.pem, key: absent.pem}}\n", encoding="utf-8")
    assert find(doctor._configuration(tmp_path), "tls").ok is False


def test_an_unknown_engine_is_told_with_those_that_exist(tmp_path: Path) -> None:
    check = find(doctor._configuration(configuration(tmp_path, 0, engine="shouter")), "dialog desk")
    assert check.ok is False
    assert "desk.yaml:3: tts.engine: " in check.detail
    assert "'shouter'" in check.detail
    assert "espeak" in check.remedy


def test_a_probe_tells_the_last_line_of_an_error() -> None:
    assert probe("print(7)") == (True, "7")
    assert probe("print(None)")[0] is False
    assert probe("import no_such_library") == (False, "ModuleNotFoundError: No module named 'no_such_library'")
    assert probe("import os; os.abort()")[1] == "ended with code -6 and said nothing"


def test_a_check_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def _look(folder: Path) -> list[Check]:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(doctor, "LOOKS", (_look,))
    assert examine(tmp_path) == [Check("look", False, "could not be examined: unforeseen", "report this")]


def test_the_report_puts_the_remedy_under_what_it_mends() -> None:
    checks = [Check("a", True, "well"), Check("b", False, "broken", "mend it"), Check("c", None, "absent")]
    assert report(checks) == "ok    a: well\nFAIL  b: broken\n      -> mend it\n-     c: absent"
    told = json.loads(as_json(checks))
    assert told["ok"] is False
    assert told["checks"][1] == {"name": "b", "ok": False, "detail": "broken", "remedy": "mend it"}
    assert json.loads(as_json([checks[0], checks[2]]))["ok"] is True


def test_weights_are_found_with_the_right_hash_and_refused_with_another() -> None:
    assert locate(SILERO).name == "silero_vad_16k_op15.onnx"
    with pytest.raises(SetupError, match="wrong sha256"):
        locate(Weight(SILERO.name, SILERO.distribution, SILERO.file, "0" * 64))
    with pytest.raises(SetupError, match="is not installed; run `make setup`"):
        locate(Weight("nothing", "no-such-distribution", "x", "0" * 64))


def test_this_interpreter_is_the_one_probed() -> None:
    assert probe("import sys; print(sys.prefix)") == (True, sys.prefix)
