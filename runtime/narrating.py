"""A dialog's voice made to read texts aloud: with the lexicon, and the other voices that a text may ask for."""

from __future__ import annotations

from avatars.voices.narrated import Narrated
from runtime.lexicons import Lexicons
from runtime.parts import opened_voice
from runtime.voice_settings import Voice
from visavis.engines import Context, Tts


def narrated(tts: Tts, choice: Voice, context: Context, lexicons: Lexicons) -> Narrated:
    """`tts`, which `choice` names, behind what makes text speakable."""

    async def other(name: str) -> Tts:
        return await opened_voice(Voice(engine=choice.engine, **choice.options | {"voice": name}), context)

    voice = str(choice.options.get("voice") or "")
    return Narrated(tts, context.language, lambda: lexicons.current, voice=voice, voices=other)
