"""A dialog's voice made to read texts aloud: with the lexicon, and the other voices that a text may ask for."""

from __future__ import annotations

from avatars.voices.narrated import Narrated
from runtime.choices import EngineChoice
from runtime.lexicons import Lexicons
from runtime.parts import made
from visavis.engines import Context, Tts


def narrated(tts: Tts, choice: EngineChoice, context: Context, lexicons: Lexicons) -> Narrated:
    """`tts`, which `choice` names, behind what makes text speakable."""

    async def other(name: str) -> Tts:
        found: Tts = await made(
            "tts", EngineChoice(engine=choice.engine, **choice.options | {"voice": name}), context, None
        )
        return found

    voice = str(choice.options.get("voice") or "")
    return Narrated(tts, context.language, lambda: lexicons.current, voice=voice, voices=other)
