"""The built-in voice: espeak-ng in a worker process, with exact times for words and mouth shapes."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field

from avatars.voices.phoneme_names import spelled
from avatars.voices.plain import Piece, Plain, pieces, plain
from avatars.voices.prosody import prosody_of
from visavis.engines import Capabilities, Context, Message, Pool, Style
from visavis.errors import OptionError
from visavis.recipe import recipe
from visavis.signal import from_bytes
from visavis.words import SpeechChunk, TimedViseme, TimedWord, Viseme

MODULES = (
    "espeak", "espeak_lib", "espeak_service", "phoneme_names", "plain", "prosody", "shaping", "timeline", "visemes",
)  # fmt: skip
"""What decides how the voice sounds and moves the lips."""
SERVICE = "avatars.voices.espeak_service:EspeakService"
VOICE_OF = {"en": "en-us", "zh": "cmn", "en-gb": "en-gb", "zh-hk": "yue"}
"""The voice of a language; any other language is asked for by its primary subtag."""
NAME_OF = {"en-gb": "en", "zh": "cmn"}
"""What espeak-ng itself calls a voice, where that is not the name that people know."""
LANGUAGES_OF = {"cmn": ("zh", "en"), "yue": ("yue", "zh", "en")}
PITCH_OCTAVE = 66
"""Steps of espeak-ng's pitch in which the voice's median F0 doubles, between those measured for en-us and for cmn."""
CONTROLS = frozenset({"emotion", "rate", "pitch", "energy"})
VARIANT = "f2"
"""The timbre of a voice that names none; `+male` asks for the language's plain one."""
RATE_WPM = {"cmn": 160}
WPM = 165
Words = Annotated[int, Field(ge=80, le=450)]
"""A minute; espeak-ng takes no fewer and no more."""
_NAME = re.compile(r"[A-Za-z0-9-]+(\+[A-Za-z0-9_ -]+)?")


class EspeakTts:
    """The `tts` engine `espeak`."""

    def __init__(
        self, pool: Pool, voice: str, rate: int, pitch: float, pitch_range: float, version: str, hz: int
    ) -> None:
        self._pool, self._voice, self._rate, self._pitch, self._range = pool, voice, rate, pitch, pitch_range
        language = voice.split("+")[0]
        spoken = LANGUAGES_OF.get(language, (language.split("-")[0],))
        controls = CONTROLS | {"sounds"} if language.split("-")[0] == "en" else CONTROLS
        self.capabilities = Capabilities(spoken, streams=True, word_times=True, sample_rate=hz, controls=controls)
        manner = f"{voice}, {rate} wpm, pitch {pitch:g}, range {pitch_range:g}"
        self.version = f"espeak-ng {version}, {manner}, {recipe(Path(__file__).parent, MODULES)}"

    @classmethod
    async def open(
        cls, context: Context, voice: str = "", rate: Words | None = None, pitch: float = 1.0, pitch_range: float = 1.0
    ) -> Self:
        """Start the voice: `voice` is espeak's (`en-us`, `cmn`, `en-gb+f3`), by default the context's language's.

        `rate` is in words a minute; `pitch` and `pitch_range` are factors of the voice's own.
        Raises OptionError when there is no such voice.
        """
        name = _named(voice or voice_of(context.language))
        wpm = rate or RATE_WPM.get(name.split("+")[0], WPM)
        pool = await context.launcher.pool(SERVICE, workers=1)
        try:
            stream = await pool.open(_manner(name, wpm, pitch, pitch_range, Style()))
            hello = stream.hello
            stream.cancel()
            if "error" in hello:
                raise OptionError(
                    "voice", str(hello["error"]), "set tts.voice to one that `espeak-ng --voices` lists, like en-us"
                )
        except BaseException:
            await pool.close()
            raise
        return cls(pool, name, wpm, pitch, pitch_range, str(hello["version"]), int(hello["sample_rate"]))

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        safe = plain(text)
        waiting = pieces(safe.text)
        if not waiting:
            return
        stream = await self._pool.open(_manner(self._voice, self._rate, self._pitch, self._range, style))
        try:
            following = iter(waiting)
            await stream.append(_piece(next(following), safe, style))
            async for reply in stream:
                if "pcm" in reply:
                    yield chunk_of(reply, safe, text)
                    continue
                piece = next(following, None)
                if piece:
                    await stream.append(_piece(piece, safe, style))
                else:
                    await stream.end()
        finally:
            stream.cancel()

    async def close(self) -> None:
        await self._pool.close()


def front_manner(language: str, rate: float) -> Message:
    """What the service opens with for a language's own voice at `rate`, a factor of its usual one."""
    name = _named(voice_of(language))
    return _manner(name, RATE_WPM.get(name.split("+")[0], WPM), 1.0, 1.0, Style(rate=rate))


def voice_of(language: str) -> str:
    """espeak-ng's voice for a BCP-47 tag."""
    tag = language.lower()
    primary = tag.split("-")[0]
    return VOICE_OF.get(tag) or VOICE_OF.get(primary) or primary


def _named(voice: str) -> str:
    """The full name with a timbre; the name is a file's, so nothing but plain names pass."""
    if not _NAME.fullmatch(voice):
        raise OptionError(
            "voice", f"{voice!r} is no espeak-ng voice", "set tts.voice to a name like en-us, cmn or en-gb+f3"
        )
    language, _, timbre = voice.partition("+")
    name = NAME_OF.get(language, language)
    return name if timbre == "male" else f"{name}+{timbre or VARIANT}"


def _manner(voice: str, rate: int, pitch: float, pitch_range: float, style: Style) -> Message:
    prosody = prosody_of(style)
    return {
        "voice": voice,
        "rate": round(rate * style.rate * prosody.rate),
        "pitch": _dial(pitch * style.pitch * prosody.pitch, PITCH_OCTAVE),
        "range": _dial(pitch_range * prosody.range, 50),
        "gain": max(0.0, style.energy * prosody.energy),
    }


def _dial(factor: float, octave: int) -> int:
    """espeak's 0 to 100 for a factor, 50 for its own, where so many steps double it."""
    return min(100, max(0, round(50 + octave * math.log2(min(2.0, max(0.5, factor))))))


def _piece(piece: Piece, safe: Plain, style: Style) -> Message:
    message: Message = {"text": piece.text, "at": piece.at, "pause_ms": piece.pause_ms}
    if style.sounds:
        text, puts = spelled(piece, safe, style.sounds)
        message |= {"text": text, "puts": [list(each) for each in puts]}
    return message


def chunk_of(reply: Message, safe: Plain, text: str, base: int = 0) -> SpeechChunk:
    """A chunk that a worker made of `safe`, in the places of `text`; its times are counted from `base`."""
    words = []
    for start, end, at, length, reach in reply["words"]:
        begin, stop = safe.span(at, safe.extent(at, length, reach))
        words.append(TimedWord(base + start, base + end, text[begin:stop], begin))
    shapes = tuple(TimedViseme(base + start, Viseme(name)) for start, name in reply["visemes"])
    return SpeechChunk(from_bytes(reply["pcm"]), shapes, tuple(words))
