"""Voices of the house by name: a few are kept open, one is opened once, and what failed is tried anew."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from place import write_museum

from avatars.voices.enrol.store import REVOKED, folder_of
from runtime.house import House
from runtime.named_voices import MOST
from runtime.server.speech import wanted
from runtime.server.speech_request import SpeechRequest
from runtime.settings import Installation
from runtime.voice_settings import Voice
from runtime.voices import Named, house_voice
from visavis.clock import LoopClock
from visavis.engines import Style
from visavis.errors import AtCapacity, ClientError, SetupError
from visavis.fakes.launcher import InlineLauncher

KEYED = Voice(engine="openai", url="http://127.0.0.1:9/v1", model="m", key_env="A_VOICE_KEY")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house without workers of its own; `guide` is a voice of the folder `voices`."""
    folder = write_museum(tmp_path)
    made = House(Installation(folder), LoopClock())
    made.launcher = InlineLauncher()
    return made


def pools(house: House) -> list[bool]:
    """Of every pool of voices that was started, whether it is closed."""
    assert isinstance(house.launcher, InlineLauncher)
    return [each.closed for each in house.launcher.pools]


def espeak(made: str = "") -> Named:
    return Named(Voice(engine="espeak"), "en", made)


async def test_a_voice_is_opened_once_and_reads_texts_aloud(house: House) -> None:
    guide = house_voice("guide", house.installation)
    assert guide is not None
    for _ in range(2):
        async with house.voices.lent(guide, "en") as tts:
            said = [word.text async for chunk in tts.speak("It costs 5 €.", Style()) for word in chunk.words]
            assert said == ["It", "costs", "5 €"]
    assert pools(house) == [False]
    await house.close()
    assert pools(house) == [True]


async def test_the_voice_asked_for_longest_ago_makes_room(house: House) -> None:
    for number in (*range(MOST), 0, MOST):
        async with house.voices.lent(espeak(str(number)), "en"):
            pass
    while True not in pools(house):  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert pools(house) == [False, True, False, False, False]
    await house.close()


async def test_a_voice_that_speaks_is_never_closed_for_another(house: House) -> None:
    async with AsyncExitStack() as speaking:
        for number in range(MOST):
            await speaking.enter_async_context(house.voices.lent(espeak(str(number)), "en"))
        with pytest.raises(AtCapacity):
            async with house.voices.lent(espeak("one more"), "en"):
                pass
    assert pools(house) == [False] * MOST
    async with house.voices.lent(espeak("one more"), "en"):
        assert len(pools(house)) == MOST + 1
    await house.close()


async def test_what_could_not_be_opened_is_tried_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_VOICE_KEY", raising=False)
    with pytest.raises(SetupError, match="A_VOICE_KEY"):
        async with house.voices.lent(Named(KEYED), "en"):
            pass
    monkeypatch.setenv("A_VOICE_KEY", "secret")
    async with house.voices.lent(Named(KEYED), "en") as tts:
        assert "openai" in tts.version
    await house.close()


@pytest.mark.parametrize("name", ["", "default", "alloy", "museum"])
def test_the_names_of_the_standard_mean_the_dialogs_own(house: House, name: str) -> None:
    assert wanted(SpeechRequest(model="museum", input="Hi", voice=name), house.installation) is None


@pytest.mark.parametrize(
    ("name", "said"), [("nobody", "no voice 'nobody'"), ("../guide", "no voice"), ("mia", "taken")]
)
def test_a_name_that_no_voice_has_is_refused(house: House, name: str, said: str) -> None:
    gone = folder_of(house.cache) / "mia"
    gone.mkdir(parents=True)
    (gone / REVOKED).write_text("{}")
    with pytest.raises(ClientError, match=said) as error:
        wanted(SpeechRequest(input="Hi", voice=name), house.installation)
    assert (error.value.code, error.value.param) == ("voice_not_found", "voice")
