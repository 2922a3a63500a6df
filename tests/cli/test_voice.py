"""`visavis voice`: what the verbs say of voices, and what they refuse."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile

sys.path.insert(0, str(Path(__file__).parent))

from desk import Done, write_desk

from avatars.voices.enrol.record import Approval, Consent, Voice
from avatars.voices.enrol.store import Store

Here = Callable[..., Done]
DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A configuration with one voice that waits for a person, and one preset."""
    folder = write_desk(tmp_path / "configs")
    (folder / "app.yaml").write_text(f"cache: {{dir: {tmp_path / 'state' / 'cache'}}}\n")
    (folder / "voices").mkdir()
    (folder / "voices" / "guide.yaml").write_text("voice: guide\nlanguage: en\ntts: {engine: espeak, voice: en-gb}\n")
    consent = Consent(
        audio_sha256="ab" * 32, script="…", script_sha256="cd" * 32, language="en", speaker="Mia Chen", company="Acme",
        recorded=DAY, similarity=0.9, threshold=0.75,
    )  # fmt: skip
    voice = Voice(
        name="mia", qid="v_1", language="en", profile="fast", created=DAY, consent=consent, files={}, effective_s=60
    )
    Store(tmp_path / "state" / "voices").add(voice, {"clip.wav": b"sound"})
    return folder


def enroll(*more: str) -> tuple[str, ...]:
    return ("voice", "enroll", "anna", "--speaker", "Anna Berg", "--company", "Acme", *more)


def test_the_script_is_shown_before_anything_is_recorded(here: Here, place: Path) -> None:
    done = here(*enroll("--script", "--config", str(place)))
    assert done.status == 0
    assert "Anna Berg" in done.out
    assert "Acme" in done.out


def test_without_a_consent_there_is_no_enrolment(here: Here, place: Path, tmp_path: Path) -> None:
    done = here(*enroll("--recording", "a.wav", "--config", str(place)))
    assert (done.status, "--consent" in done.told) == (2, True)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    done = here(*enroll("--recording", tmp_path / "a.wav", "--consent", "absent.wav", "--config", place))
    assert done.status == 1
    assert "absent.wav: it cannot be read" in done.told
    assert list((tmp_path / "state" / "voice-tasks").iterdir()) == []


def test_every_voice_is_listed_with_what_is_known_of_it(here: Here, place: Path) -> None:
    rows = {each["name"]: each for each in here("voice", "list", "--config", place, "--json").json}
    assert (rows["guide"]["kind"], rows["guide"]["languages"]) == ("preset", ["en"])
    assert (rows["mia"]["kind"], rows["mia"]["state"]) == ("enrolled", "waits for a person")
    assert rows["mia"]["consent"] == "2026-03-01"
    assert "waits for a person" in here("voice", "list", "--config", place).out


def test_a_voice_that_nobody_approved_says_nothing(here: Here, place: Path, tmp_path: Path) -> None:
    done = here("voice", "say", "hello", "--voice", "mia", "--out", tmp_path / "x.wav", "--config", place)
    assert done.status == 1
    assert "its authorisation is not approved" in done.told
    assert not (tmp_path / "x.wav").exists()


def test_approving_records_who_has_listened(here: Here, place: Path, tmp_path: Path) -> None:
    assert here("voice", "approve", "mia", "--config", place).status == 2
    done = here("voice", "approve", "mia", "--by", "Jo Park", "--config", place)
    assert (done.status, done.out.startswith("approved")) == (0, True)
    assert Store(tmp_path / "state" / "voices").load("mia").consent.approval == Approval(
        how="person", by="Jo Park", at=Store(tmp_path / "state" / "voices").load("mia").consent.approval.at  # type: ignore[union-attr]
    )  # fmt: skip


def test_a_voice_that_was_taken_back_is_gone(here: Here, place: Path, tmp_path: Path) -> None:
    assert here("voice", "revoke", "mia", "--config", place).status == 0
    for verb in (("revoke", "mia"), ("say", "hello", "--voice", "mia", "--out", str(tmp_path / "x.wav"))):
        done = here("voice", *verb, "--config", place)
        assert (done.status, "its owner has taken it back" in done.told) == (1, True)


def test_a_voice_whose_files_are_damaged_is_listed_as_broken(here: Here, place: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "state" / "voices")
    store.approve("mia", "Jo Park")
    (store.path("mia") / "clip.wav").write_bytes(b"other sound")
    rows = {each["name"]: each for each in here("voice", "list", "--config", place, "--json").json}
    assert (rows["mia"]["state"], "clip.wav is not the file" in rows["mia"]["problem"]) == ("broken", True)


def test_a_configured_voice_speaks(here: Here, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.wav"
    done = here("voice", "say", "hello", "--voice", "guide", "--out", out, "--config", place, "--json")
    assert done.status == 0, done.told
    assert "en+f2" in done.json["voice"]  # what espeak-ng calls en-gb
    assert b"Synthetic media" in out.read_bytes()


def test_a_marked_up_text_that_is_too_long_says_how_much_of_it_is_spoken(
    here: Here, place: Path, tmp_path: Path
) -> None:
    long = f'<speak>{"a " * 5_000}<sub alias="b">{"word " * 100}</sub></speak>'
    done = here("voice", "say", long, "--voice", "guide", "--out", tmp_path / "x.wav", "--config", place)
    assert (done.status, "only the first 10,000 of 10,499 characters" in done.told) == (0, True), done.told


def test_where_the_first_voice_of_a_dialog_fails_the_next_one_speaks(here: Here, place: Path, tmp_path: Path) -> None:
    file, out = place / "dialogs" / "museum.yaml", tmp_path / "x.wav"
    nobody = "{engine: openai, url: 'http://127.0.0.1:9/v1', model: m}"
    without = "{engine: openai, url: 'http://127.0.0.1:9/v1', model: m, key_env: VISAVIS_NO_KEY}"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("tts:")]
    for first in (nobody, without):
        file.write_text("\n".join([*lines, f"tts: [{first}, {{engine: espeak}}]"]))
        done = here("voice", "say", "hello", "--out", out, "--config", place)
        assert (done.status, out.stat().st_size > 10_000) == (0, True), done.told
        out.unlink()
    file.write_text("\n".join([*lines, f"tts: [{without}, {without}]"]))
    done = here("voice", "say", "hello", "--out", out, "--config", place)
    assert (done.status, "VISAVIS_NO_KEY" in done.told, out.exists()) == (1, True, False)


def test_two_recordings_are_told_apart(
    here: Here, place: Path, tmp_path: Path, testdata: Callable[[str], Path]
) -> None:
    mandarin, english = testdata("speech/zh_cosyvoice_prompt.wav"), tmp_path / "english.wav"
    one = sorted(testdata("speech/librispeech").rglob("1998-*.flac"))[1]
    soundfile.write(english, soundfile.read(one, dtype="int16")[0], 16_000)
    same = here("voice", "verify", mandarin, mandarin, "--config", place, "--json").json
    other = here("voice", "verify", mandarin, english, "--config", place, "--json").json
    assert (same["same"], other["same"]) == (True, False)
    done = here("voice", "verify", "nobody", mandarin, "--config", place)
    assert (done.status, "there is no voice or file 'nobody'" in done.told) == (1, True)
