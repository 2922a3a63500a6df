"""The `tts` engine `enrolled`: a voice of this house, with its owner's consent, for as long as he leaves it.

Where pocket-tts can run it speaks from the enrolled clip; otherwise another engine speaks and is brought near the
voice's pitch and timbre. `spoken_by` says which.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Self

from avatars.voices.adapted import Adapted, Profile
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import Voice
from avatars.voices.enrol.store import CLIP, PROFILE, VOICE, Store, folder_of
from visavis.engines import Context, Style, Tts, engine, engine_names
from visavis.errors import EngineError, OptionError, SetupError
from visavis.streams import closing
from visavis.words import SpeechChunk

log = logging.getLogger(__name__)

CLONES: Mapping[str, Any] = {"engine": "pocket-tts", "model": "pocket-tts-en-cloning"}
"""What clones where it is installed and its weights were pulled; nothing is ever fetched for it here."""
BASE: Mapping[str, Any] = {"engine": "espeak"}


class EnrolledTts:
    """The `tts` engine `enrolled`."""

    def __init__(self, inner: Tts, store: Store, voice: Voice, spoken_by: str) -> None:
        self._inner, self._store, self._voice, self.spoken_by = inner, store, voice, spoken_by
        self.capabilities = inner.capabilities
        self._seen = _stamp(store.path(voice.name))

    @property
    def version(self) -> str:
        """One that nothing was kept under, once the voice is taken back."""
        state = "" if self.usable() else ", revoked"
        return f"enrolled {self._voice.qid}, {self.spoken_by}, {self._inner.version}{state}"

    @classmethod
    async def open(cls, context: Context, voice: str, base: dict[str, Any] | None = None) -> Self:
        """Ready an enrolled voice; `base` is the engine (with its keys) that speaks where nothing here can clone.

        Raises OptionError for a voice that is not there, SetupError for one that may not speak: it was taken back, its
        authorisation is not approved, or its files are damaged.
        """
        store = Store(folder_of(context.cache))
        try:
            found = await asyncio.to_thread(store.usable, voice)
        except EnrolError as error:
            if error.code != "invalid" and await asyncio.to_thread(store.known, voice):
                raise SetupError(f"the voice {voice!r} may not speak: {error.problem}", error.remedy) from error
            raise OptionError("voice", error.problem, error.remedy) from error
        inner, spoken_by = await _speaker(context, store.path(voice) / CLIP, found.language, dict(base or BASE))
        return cls(inner, store, found, spoken_by)

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        self._check()
        async with closing(self._inner.speak(text, style)) as chunks:
            async for chunk in chunks:
                yield chunk

    def usable(self) -> bool:
        """Whether its owner still lets it speak; asked before every sentence, of the disk only when it changed."""
        stamp = _stamp(self._store.path(self._voice.name))
        if stamp != self._seen:
            try:
                now = self._store.load(self._voice.name)
            except EnrolError:
                return False
            if not now.usable or now.qid != self._voice.qid:
                return False
            self._seen = stamp
        return True

    async def close(self) -> None:
        await self._inner.close()

    def _check(self) -> None:
        if not self.usable():
            problem = f"the voice {self._voice.name!r} was taken back"
            raise EngineError("enrolled", problem, "choose another voice for the dialog")


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        found = (folder / VOICE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


async def _speaker(context: Context, clip: Path, language: str, base: dict[str, Any]) -> tuple[Tts, str]:
    """What can speak like the clip here, and its name. Raises SetupError or EngineError."""
    cloning = await _cloning(context, clip, language)
    if cloning is not None:
        return cloning, str(CLONES["engine"])
    name = str(base.pop("engine", BASE["engine"]))
    if name in ("enrolled", CLONES["engine"]):
        raise OptionError("base", f"{name} cannot be the base", "name another engine, such as espeak")
    inner: Tts = await engine("tts", name).open(context, **base)
    try:
        adapted: Tts = await Adapted.open(inner, await asyncio.to_thread(Profile.load, clip.with_name(PROFILE)))
    except BaseException:
        await inner.close()
        raise
    return adapted, f"{name}, adapted"


async def _cloning(context: Context, clip: Path, language: str) -> Tts | None:
    """The engine that speaks from a clip; None where it is not here or does not know the language."""
    options = dict(CLONES)
    name = str(options.pop("engine"))
    if name not in engine_names("tts"):
        return None
    try:
        tts: Tts = await engine("tts", name).open(context, **options, clip=str(clip))
    except (SetupError, EngineError) as error:
        log.info("%s cannot clone here, another voice is adapted: %s", name, error)
        return None
    if tts.capabilities.speaks(language):
        return tts
    await tts.close()
    return None
