"""A dialog's voice: one, or several of which each is there for the one before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import DIALOG, write_desk

from runtime.parts import voice_of
from runtime.settings import Dialog, Installation
from visavis.clock import LoopClock
from visavis.engines import Context, Style, Tts
from visavis.errors import ConfigError
from visavis.fakes.launcher import InlineLauncher

NOBODY = "{engine: openai, url: 'http://127.0.0.1:9/v1', model: m, first_s: 1}"


def written(folder: Path, tts: str, **voices: str) -> Installation:
    own = write_desk(folder / "configs")
    (own / "voices").mkdir()
    for name, text in voices.items():
        (own / "voices" / f"{name}.yaml").write_text(f"voice: {name}\n{text}\n", "utf-8")
    lines = [f"tts: {tts}" if line.startswith("tts:") else line for line in DIALOG.splitlines()]
    (own / "dialogs" / "museum.yaml").write_text("\n".join(lines), "utf-8")
    return Installation(own)


async def opened(folder: Path, tts: str, **voices: str) -> tuple[Tts, str | None]:
    installation = written(folder, tts, **voices)
    context = Context("en", InlineLauncher(), folder / "cache")
    return await voice_of(installation.dialog("museum"), context, installation.documents["museum"], LoopClock())


async def words(voice: Tts, text: str) -> list[str]:
    return [word.text async for chunk in voice.speak(text, Style()) for word in chunk.words]


async def test_where_the_first_voice_fails_the_second_speaks(tmp_path: Path) -> None:
    voice, problem = await opened(tmp_path, f"[{NOBODY}, {{engine: espeak}}]")
    assert problem is None
    assert await words(voice, "Good morning to all.") == ["Good", "morning", "to", "all"]
    assert "openai" in voice.version
    assert "espeak" in voice.version
    await voice.close()


async def test_a_voice_that_lacks_something_is_left_out(tmp_path: Path) -> None:
    keyless = NOBODY.replace("}", ", key_env: NO_SUCH_KEY}")
    voice, problem = await opened(tmp_path / "a", f"[{keyless}, {{engine: espeak}}]")
    assert problem is None
    assert await words(voice, "Hello.") == ["Hello"]
    await voice.close()
    _, problem = await opened(tmp_path / "b", keyless)
    assert problem is not None
    assert "NO_SUCH_KEY" in problem


@pytest.mark.parametrize(
    ("tts", "said"),
    [
        ("[{engine: espeak}, {engine: espeka}]", "tts[1].engine: there is no tts engine named 'espeka'"),
        ("[{engine: espeak}, {engine: espeak, voice: nowhere}]", "tts[1].voice: espeak-ng has no voice"),
        ("[{engine: espeak}, {engine: openai, url: x}]", "tts[1]: the tts engine 'openai' needs the key 'model'"),
        ("{engine: openai, url: x, model: m}", "tts.url: 'x' is no address of a server"),
        ("{engine: openai, url: 'http://x', model: m, response_format: mp3}", "tts.response_format: 'mp3'"),
        ("{engine: piper, model: lessac}", "tts.model: no weights named 'lessac' were pulled"),
    ],
)
async def test_a_mistake_names_the_voice(tmp_path: Path, tts: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        await opened(tmp_path, tts)
    assert said in str(error.value)


async def test_a_voice_of_the_house_is_named_alone(tmp_path: Path) -> None:
    guide = "tts: {engine: espeak, voice: en-gb, between_s: 5}"
    voice, problem = await opened(tmp_path / "a", "{voice: guide}", guide=guide)
    assert problem is None
    assert "en+f2" in voice.version  # what espeak-ng calls en-gb
    await voice.close()
    several = written(tmp_path / "b", "[{voice: guide, first_s: 1}, {voice: mia}]", guide=guide)
    first, second = several.dialog("museum").voices
    assert (first.engine, first.options, first.first_s, first.between_s) == ("espeak", {"voice": "en-gb"}, 1, 5)
    assert (second.engine, second.options["voice"]) == ("enrolled", "mia")


async def test_a_mistake_in_a_voice_of_the_house_is_told_of_its_own_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"guide\.yaml:2: tts\.voice: espeak-ng has no voice"):
        await opened(tmp_path / "a", "{voice: guide}", guide="tts: {engine: espeak, voice: nowhere}")
    with pytest.raises(ConfigError, match=r"museum\.yaml:\d+: tts\.voice: there is no enrolled voice 'guide'"):
        await opened(tmp_path / "b", "{voice: guide}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tts: {voice: guide}", "names no engine"),
        ("engine: espeak", "guide.yaml:2: engine"),
        ("language: en", "guide.yaml:1: tts"),
        ("tts: {engine: espeak}\nspeed: 2", "guide.yaml:3: speed"),
    ],
)
def test_what_is_no_file_of_a_voice_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        written(tmp_path, "{voice: guide}", guide=text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "tts", ["[]", "{engine: espeak, first_s: 0}", "espeak", "{}", "{voice: 3}", "{voice: guide, model: x}"]
)
def test_what_is_no_voice_is_refused(tmp_path: Path, tts: str) -> None:
    with pytest.raises(ConfigError, match=r"museum\.yaml:\d+: tts"):
        written(tmp_path, tts)


def test_the_limits_are_the_voices_own() -> None:
    fields = {"dialog": "d", "knowledge": ["k"], "tts": [{"engine": "espeak", "first_s": 0.5}, {"engine": "espeak"}]}
    assert [(voice.first_s, voice.between_s, voice.options) for voice in Dialog.model_validate(fields).voices] == [
        (0.5, 2.0, {}),
        (2.0, 2.0, {}),
    ]
