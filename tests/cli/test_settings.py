"""The files that people write: every mistake names its file, line, key and remedy."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import DIALOG, Done, write_desk

from runtime.choices import EngineChoice
from runtime.parts import engine_class
from runtime.settings import Dialog, Installation
from visavis.config import Document
from visavis.engines import Kind
from visavis.errors import ConfigError, SetupError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A configuration folder that the test may change."""
    return write_desk(tmp_path / "configs")


def refused(own: Path) -> str:
    """What the installation says, from the line on."""
    with pytest.raises(ConfigError) as error:
        Installation(own)
    return str(error.value).removeprefix(f"{own}/")


# ── app.yaml ──
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server:\n  prot: 1\n", "app.yaml:2: server.prot: there is no such key; did you mean 'port'?"),
        ("server:\n  port: many\n", "app.yaml:2: server.port: 'many' is not a whole number; write a whole number"),
        ("server:\n  port: 70000\n", "app.yaml:2: server.port: 70000 cannot be used; it should be less than"),
        ("server:\n  host: x\n  tls: {cert: a.pem}\n", "app.yaml:3: server.tls: a certificate and its key go together"),
        ("cache:\n  max_gb: 0\n", "app.yaml:2: cache.max_gb: 0 cannot be used"),
        ("workers:\n  renderers: 0\n", "app.yaml:2: workers.renderers: "),
        ("workers:\n  launcher: ray\n", "app.yaml:2: workers.launcher: "),
        ("embedder:\n  en-gb: minilm\n", "app.yaml:1: embedder: 'en-gb' is no language; write `default`"),
        ("server: [\n", "app.yaml:"),
        ("- server\n", "app.yaml:1: the file does not begin with a key"),
    ],
)
def test_a_mistake_in_app_yaml_names_its_line(own: Path, text: str, said: str) -> None:
    (own / "app.yaml").write_text(text, "utf-8")
    told = refused(own)
    assert told.startswith(said)
    assert len(told.splitlines()) == 1


# ── dialogs ──
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("langauge: en", "museum.yaml:5: langauge: there is no such key; did you mean 'language'?"),
        ("persona: {max_sentences: 99}", "museum.yaml:5: persona.max_sentences: 99 cannot be used"),
        ("privacy: {keep_text: on}", "museum.yaml:5: privacy.keep_text: 'on' is not known here; use one of:"),
        ("llm: {url: localhost, model: m}", "museum.yaml:5: llm.url: 'localhost' cannot be used"),
        ("llm: {url: 'http://x/v1'}", "museum.yaml:5: llm.model: the key is missing; add `model: …`"),
        ("page: {reset_s: 1}", "museum.yaml:5: page.reset_s: 1 cannot be used"),
        ("avatar: 7", "museum.yaml:5: avatar: 7 is not a text"),
    ],
)
def test_a_mistake_in_a_dialog_names_its_line(own: Path, line: str, said: str) -> None:
    (own / "dialogs" / "museum.yaml").write_text(f"{DIALOG}{line}\n", "utf-8")
    assert refused(own).startswith(f"dialogs/{said}")


def test_a_dialog_is_named_as_its_file(own: Path) -> None:
    (own / "dialogs" / "museum.yaml").rename(own / "dialogs" / "gallery.yaml")
    assert (
        refused(own) == "dialogs/gallery.yaml:1: dialog: 'museum' is in a file named gallery.yaml; write 'gallery' here"
    )


def test_two_dialogs_of_one_name_are_refused(own: Path) -> None:
    (own / "dialogs" / "museum.yml").write_text(DIALOG, "utf-8")
    assert refused(own) == "dialogs/museum.yml:1: dialog: 'museum' is also in museum.yaml; remove one of the two files"


def test_what_editors_leave_beside_a_file_is_no_dialog(own: Path) -> None:
    for name in (".museum.yaml", "museum.yaml~", "museum.yaml.orig", "dialog.schema.json"):
        (own / "dialogs" / name).write_text("[", "utf-8")
    assert list(Installation(own).dialogs) == ["museum"]


def test_a_dialog_that_is_not_there_is_told_with_those_that_are(own: Path) -> None:
    with pytest.raises(SetupError, match="did you mean 'museum'"):
        Installation(own).dialog("muesum")
    with pytest.raises(SetupError, match="use one of: museum"):
        Installation(own).dialog("x")


# ── what only opening can tell ──
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "engine: espeak",
            "engine: espaek",
            "museum.yaml:4: tts.engine: there is no tts engine named 'espaek'; did you",
        ),
        ("voice: en-us", "voise: en-us", "museum.yaml:4: tts.voise: the tts engine 'espeak' has no such key; did you"),
        ("voice: en-us", "rate: fast", "museum.yaml:4: tts.rate: 'fast' cannot be used; write"),
        ("voice: en-us", "voice: nowhere", "museum.yaml:4: tts.voice: espeak-ng has no voice 'nowhere"),
        ("[museum]", "[musem]", "museum.yaml:3: knowledge[0]: "),
        (
            "[museum]",
            "[museum]\navatar: presentr",
            "museum.yaml:4: avatar: there is no avatar named 'presentr'; did you",
        ),
        (
            "[museum]",
            "[museum]\ntree: kosk",
            "museum.yaml:4: tree: there is no behaviour tree named 'kosk'; did you mean 'kiosk'",
        ),
        ("[museum]", "[museum]\nasr: {engine: ears}", "museum.yaml:4: asr.engine: there is no asr engine named 'ears'"),
        (
            "[museum]",
            "[museum]\nasr: {engine: pocketsphinx, modle: x}",
            "museum.yaml:4: asr.modle: the asr engine 'pocketsphinx' has no such key",
        ),
    ],
)
def test_a_part_that_is_misnamed_names_its_line(
    here: Callable[..., Done], own: Path, old: str, new: str, said: str
) -> None:
    (own / "dialogs" / "museum.yaml").write_text(DIALOG.replace(old, new), "utf-8")
    verb = ["serve", "--port", "0"] if "asr" in new else ["ask", "hello"]
    done = here(*verb, "--config", own)
    assert (done.status, done.out) == (1, "")
    assert len(done.told.splitlines()) == 1
    assert done.told.startswith(f"{own}/dialogs/{said}")


def test_an_embedder_that_is_misnamed_names_its_line(here: Callable[..., Done], own: Path) -> None:
    (own / "app.yaml").write_text("embedder:\n  default: minlm\n", "utf-8")
    done = here("ask", "hello", "--config", own)
    told = f"{own}/app.yaml:2: embedder.default: there is no embedder named 'minlm'; did you mean 'minilm'?\n"
    assert (done.status, done.told) == (1, told)


def test_an_engine_s_options_are_checked_without_opening_it() -> None:
    assert engine_class("tts", EngineChoice(engine="espeak", voice="cmn", rate=150), None).__name__ == "EspeakTts"
    with pytest.raises(SetupError, match="'openai' needs the key 'url'"):
        engine_class("llm", EngineChoice(engine="openai", model="m"), None)


@pytest.mark.parametrize(
    ("kind", "choice", "key", "says"),
    [
        ("asr", {"engine": "pocketsphinx", "capacity": 0}, "asr.capacity", "greater than or equal to 1"),
        ("asr", {"engine": "pocketsphinx", "capacity": -1}, "asr.capacity", "greater than or equal to 1"),
        ("asr", {"engine": "pocketsphinx", "capacity": 10**30}, "asr.capacity", "less than or equal to 64"),
        ("asr", {"engine": "pocketsphinx", "capacity": True}, "asr.capacity", "write a number"),
        ("asr", {"engine": "pocketsphinx", "capacity": "3"}, "asr.capacity", "write a number"),
        ("asr", {"engine": "pocketsphinx", "capacity": 1.5}, "asr.capacity", "write a value of the type"),
        ("asr", {"engine": "faster-whisper", "model": "m", "partial_s": -1}, "asr.partial_s", "greater than"),
        ("tts", {"engine": "espeak", "rate": -5}, "tts.rate", "greater than or equal to 80"),
        ("tts", {"engine": "espeak", "rate": "fast"}, "tts.rate", "write a number"),
        ("tts", {"engine": "piper", "model": "m", "rate": 0}, "tts.rate", "greater than"),
        ("tts", {"engine": "piper", "model": "m", "speaker": []}, "tts.speaker", "write a value"),
    ],
)
def test_an_option_beyond_its_bounds_is_told_with_its_line(
    kind: Kind, choice: dict[str, Any], key: str, says: str
) -> None:
    document = Document(Path("desk.yaml"), {}, {key: 7})
    with pytest.raises(ConfigError, match=says) as caught:
        engine_class(kind, EngineChoice(**choice), document)
    assert (caught.value.line, caught.value.key) == (7, key)


# ── the shipped files ──
def test_the_shipped_files_are_good() -> None:
    installation = Installation(ROOT / "configs")
    assert set(installation.dialogs) == {"museum", "teahouse"}
    assert all(isinstance(each, Dialog) for each in installation.dialogs.values())


def test_the_schemas_beside_the_files_are_what_the_models_give() -> None:
    schemas = runpy.run_path(str(ROOT / "scripts" / "schemas.py"))
    assert schemas["stale"](ROOT / "configs") == []
