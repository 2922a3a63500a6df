"""A voice that speaks as long as its owner lets it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from avatars.voices.enrol.record import Approval, Consent, Voice
from avatars.voices.enrol.store import Store
from avatars.voices.enrolled import EnrolledTts
from avatars.voices.prepared import Prepared
from avatars.voices.speaking import Speaking
from visavis.engines import Context, Style
from visavis.errors import EngineError, OptionError, SetupError
from visavis.fakes.launcher import InlineLauncher
from visavis.fakes.tts import FakeTts

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def enrolled(store: Store, *, approved: bool = True) -> Voice:
    consent = Consent(
        audio_sha256="ab" * 32, script="…", script_sha256="cd" * 32, language="en", speaker="Mia Chen", company="Acme",
        recorded=DAY, similarity=0.9, threshold=0.75,
        approval=Approval(how="person", by="Jo Park", at=DAY) if approved else None,
    )  # fmt: skip
    voice = Voice(
        name="mia", qid="v_1", language="en", profile="fast", created=DAY, consent=consent, files={}, effective_s=60
    )
    return store.add(voice, {"clip.wav": b"sound"})


async def test_what_it_said_before_is_not_said_again_once_it_is_taken_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "voices")
    voice = EnrolledTts(FakeTts(), store, enrolled(store), "fake")
    kept = Prepared(Speaking([voice]), "presenter", "enrolled", store.path("mia") / "spoken")
    await kept.prepare("Hello.", Style())
    assert kept.has("Hello.", Style())
    store.revoke("mia")
    assert not kept.has("Hello.", Style())
    with pytest.raises(EngineError, match="was taken back"):
        [chunk async for chunk in kept.speak("Hello.", Style())]
    assert [each.name for each in store.path("mia").iterdir()] == ["revoked.json"]


async def test_another_voice_of_the_same_name_is_not_this_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "voices")
    found = enrolled(store)
    voice = EnrolledTts(FakeTts(), store, found, "fake")
    store.revoke("mia")
    store.add(found.model_copy(update={"qid": "v_2"}), {})
    assert not voice.usable()
    assert "revoked" in voice.version


async def test_what_may_not_speak_is_not_opened(tmp_path: Path) -> None:
    store, launcher = Store(tmp_path / "voices"), InlineLauncher()
    enrolled(store, approved=False)
    with pytest.raises(SetupError, match="not approved"):
        await EnrolledTts.open(Context("en", launcher, tmp_path / "cache"), voice="mia")
    store.revoke("mia")
    with pytest.raises(SetupError, match="taken it back"):
        await EnrolledTts.open(Context("en", launcher, tmp_path / "cache"), voice="mia")
    assert launcher.pools == []


@pytest.mark.parametrize(("name", "said"), [("anna", "no enrolled voice"), ("../x", "no name")])
async def test_a_name_that_no_voice_has_is_the_files_mistake(tmp_path: Path, name: str, said: str) -> None:
    launcher = InlineLauncher()
    with pytest.raises(OptionError, match=said) as caught:
        await EnrolledTts.open(Context("en", launcher, tmp_path / "cache"), voice=name)
    assert caught.value.key == "voice"
    assert launcher.pools == []
