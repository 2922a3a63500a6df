"""Bad calls and failures: the right status, one line that says what to do, and the verbs that need no worker."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import KNOWLEDGE, Done, visavis

Here = Callable[..., Done]


# ── bad calls ──
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "VERB"),
        (["srve"], "'srve'"),
        (["kb"], "VERB"),
        (["kb", "check"], "paths"),
        (["kb", "try", "x"], "TEXT or --event"),
        (["kb", "try", "x", " "], "empty"),
        (["kb", "try", "x", "hi", "--context", "{"], "not JSON"),
        (["kb", "try", "x", "--event", "[]"], "not a set of fields"),
        (["kb", "try", "x", "--event", "{}"], "no kind"),
        (["kb", "gaps", "--days", "0"], "number of days"),
        (["kb", "eval", "x.csv"], "--knowledge"),
        (["kb", "eval", "x.csv", "--knowledge", "a", "--dialog", "b"], "--dialog"),
        (["kb", "eval", "x.csv", "--knowledge", "a", "--plot", "x.png"], ".svg"),
        (["ask"], "text"),
        (["ask", "  "], "empty"),
        (["ask", "hi", "--seed", "often"], "--seed"),
        (["ask", "hi", "--out", "reply.avi"], ".mp4"),
        (["ask", "hi", "--dialog", "a", "--knowledge", "b"], "--knowledge"),
        (["ask", "hi", "--jso"], "--jso"),
        (["voice", "say", "hi"], "--out"),
        (["voice", "say", "", "--out", "x.wav"], "empty"),
        (["voice", "say", "hi", "--out", "x.mp3"], ".wav"),
        (["behavior"], "VERB"),
        (["behavior", "check"], "PATH|NAME"),
        (["behavior", "simulate", "kiosk", "--seed", "x"], "--seed"),
        (["bench", "sleep"], "'sleep'"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--tls-cert", "a.pem"], "--tls-key"),
    ],
)
def test_a_bad_call_is_told_in_one_line(here: Here, arguments: list[str], said: str) -> None:
    done = here(*arguments)
    assert (done.status, done.out) == (2, "")
    assert len(done.told.splitlines()) == 1
    assert said in done.told
    assert "--help" in done.told


def test_help_names_every_verb_that_is_built_and_no_other(here: Here) -> None:
    done = here("--help")
    assert done.status == 0
    for verb in ("serve", "ask", "kb", "avatar", "voice", "behavior", "bench", "pull", "doctor"):
        assert verb in done.out
    assert "\n    live " not in done.out


@pytest.mark.parametrize(
    "verb",
    [
        ["serve"],
        ["ask"],
        ["kb", "check"],
        ["kb", "try"],
        ["kb", "eval"],
        ["kb", "gaps"],
        ["kb", "prepare"],
        ["avatar", "list"],
        ["voice", "say"],
        ["bench", "turn"],
        ["bench", "load"],
        ["bench", "face"],
        ["bench", "kb"],
        ["doctor"],
    ],
)
def test_every_verb_takes_config_and_json(here: Here, verb: list[str]) -> None:
    done = here(*verb, "--help")
    assert done.status == 0
    assert "--config DIR" in done.out
    assert "--json" in done.out


# ── failures ──
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "hi", "--config", "CONFIG", "--dialog", "musem"], "did you mean 'museum'?"),
        (["ask", "hi", "--config", "CONFIG/none"], "there is no configuration folder"),
        (["ask", "hi", "--knowledge", "CONFIG/none.yaml"], "none.yaml:1: there is no such file"),
        (["ask", "hi", "--knowledge", "CONFIG/knowledge"], "this is a folder"),
        (["kb", "check", "CONFIG/knowledge"], "this is a folder"),
        (["kb", "try", "musem", "hi", "--config", "CONFIG"], "did you mean 'museum'?"),
        (["kb", "try", "CONFIG/knowledge", "hi", "--config", "CONFIG"], "this is a folder"),
        (["kb", "try", "CONFIG/none.yaml", "hi", "--config", "CONFIG"], "none.yaml:1: there is no such file"),
        (["kb", "try", "museum", "hi", "--config", "CONFIG", "--topic", "shp"], "no entry 'shp'"),
        (["kb", "eval", "none.csv", "--dialog", "musem", "--config", "CONFIG"], "did you mean 'museum'?"),
        (["kb", "eval", "none.csv", "--dialog", "museum", "--config", "CONFIG"], "none.csv:1: there is no such file"),
        (["avatar", "list", "--config", "CONFIG/none"], "there is no configuration folder"),
        (["voice", "say", "hi", "--out", "x.wav", "--config", "CONFIG/none"], "there is no configuration folder"),
        (["voice", "say", "hi", "--out", "CONFIG/none/x.wav"], "there is no folder"),
        (["serve", "--config", "CONFIG", "--dialog", "musem"], "did you mean 'museum'?"),
    ],
)
def test_a_failure_is_one_line(here: Here, desk: Path, arguments: list[str], said: str) -> None:
    done = here(*(each.replace("CONFIG", str(desk)) for each in arguments))
    assert (done.status, done.out) == (1, "")
    assert len(done.told.splitlines()) == 1
    assert said in done.told


def test_a_certificate_that_is_none_is_told_before_anything_starts(here: Here, desk: Path, tmp_path: Path) -> None:
    cert = tmp_path / "cert.pem"
    cert.write_text("not a certificate", "utf-8")
    done = here("serve", "--config", desk, "--port", "0", "--tls-cert", cert, "--tls-key", cert)
    assert (done.status, done.out) == (1, "")
    assert len(done.told.splitlines()) == 1
    assert str(cert) in done.told


def test_a_failure_is_json_too(here: Here, desk: Path) -> None:
    done = here("ask", "hi", "--config", desk, "--dialog", "musem", "--json")
    assert done.status == 1
    assert json.loads(done.out) == {"error": done.told.strip()}


def test_a_fault_of_our_own_is_one_line_as_well(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> None:
        raise RuntimeError("unforeseen\nin two lines")

    monkeypatch.setattr("avatars.package.available", broken)
    done = here("avatar", "list")
    assert done.status == 1
    assert done.told == "RuntimeError: unforeseen in two lines; please report this, with what VISAVIS_DEBUG=1 shows\n"


# ── kb check ──
def test_good_files_have_no_problems(here: Here, desk: Path) -> None:
    path = desk / "knowledge" / "museum.yaml"
    assert here("kb", "check", path, path) == Done(0, "no problems\n", "")
    assert here("kb", "check", path, "--json").json == {"errors": 0, "problems": []}


def test_each_bad_file_names_its_line(here: Here, desk: Path, tmp_path: Path) -> None:
    good = desk / "knowledge" / "museum.yaml"
    misspelt, broken = tmp_path / "a" / "one.yaml", tmp_path / "b" / "two.yaml"
    for path, text in ((misspelt, KNOWLEDGE.replace("action: nod", "acton: nod")), (broken, "knowledge: [\n")):
        path.parent.mkdir()
        path.write_text(text, "utf-8")
    done = here("kb", "check", good, misspelt, broken, "--json")
    assert done.status == 1
    first, second = done.json["problems"]
    assert done.json["errors"] == 2
    assert done.told.splitlines() == [first, second]
    assert first.startswith(f"{misspelt}:8: faq.items[0].acton: ")
    assert first.endswith("did you mean 'action'?")
    assert second.startswith(f"{broken}:")
    assert here("kb", "check", misspelt).told == f"{first}\n"


def test_a_warning_is_shown_and_is_no_failure(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "museum.yaml"
    path.write_text(KNOWLEDGE.replace("{title: Opening hours}", "{title: Hours, image: none.png}"), "utf-8")
    done = here("kb", "check", path)
    assert (done.status, done.told) == (0, "")
    assert "none.png" in done.out


# ── avatars, the machine ──
def test_the_built_in_avatars_are_listed_without_any_configuration(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = here("avatar", "list", "--json").json
    assert {row["name"] for row in rows} >= {"presenter", "hostess"}
    assert all({"name", "title", "renderer", "actions", "kind", "bytes", "consent"} <= set(row) for row in rows)
    assert "presenter" in here("avatar", "list").out


def test_the_doctor_answers_as_data(here: Here, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime import doctor

    monkeypatch.setattr(doctor, "LOOKS", (doctor._configuration,))
    done = here("doctor", "--json", "--config", desk)
    assert set(done.json) == {"ok", "checks"}
    assert all(set(each) == {"name", "ok", "detail", "remedy"} for each in done.json["checks"])
    assert (done.status == 0) is done.json["ok"]
    assert here("doctor", "--config", desk / "none").status == 1


# ── voices ──
def test_a_voice_speaks_to_a_file_that_says_what_it_is(desk: Path, tmp_path: Path) -> None:
    english, chinese = tmp_path / "en.wav", tmp_path / "zh.wav"
    done = visavis("voice", "say", "Good morning. How are you?", "--config", desk, "--out", english, "--json")
    assert (done.status, done.told) == (0, "")
    assert "en-us" in done.json["voice"]
    with wave.open(str(english)) as file:
        assert (file.getframerate(), file.getnchannels()) == (24_000, 1)
        assert file.getnframes() / 24_000 == pytest.approx(done.json["seconds"], abs=0.001)
    assert 1 < done.json["seconds"] < 4
    assert b"ynthetic" in english.read_bytes()
    arguments = ["voice", "say", "-", "--voice", "cmn", "--config", desk, "--out", chinese]
    done = visavis(*arguments, stdin="你好，欢迎光临。".encode())
    assert (done.status, done.told) == (0, "")
    assert str(chinese) in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["hello", "--voice", "nowhere"], "nowhere"), (["hello", "--voice", "../x"], "../x"), (["…?!"], "nothing to say")],
)
def test_what_cannot_be_said_leaves_no_file(desk: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = visavis("voice", "say", *arguments, "--config", desk, "--out", tmp_path / "x.wav")
    assert (done.status, done.out) == (1, "")
    assert len(done.told.splitlines()) == 1
    assert said in done.told
    assert list(tmp_path.iterdir()) == []
