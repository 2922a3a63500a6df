"""The verbs that open what they need, do one thing and close it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.question import NOTHING, Given
from avatars.voices.plain import LIMIT
from knowledge.library import load_file
from runtime.ask import ask
from runtime.console import check_place
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.narrating import narrated
from runtime.outlets.wav import write_wav
from runtime.parts import opened_voice, voice_of
from runtime.preparing import Done
from runtime.settings import Dialog, Installation
from runtime.speaking_once import aloud
from runtime.voice_settings import Voice
from runtime.voices import voice_named
from visavis.clock import LoopClock
from visavis.engines import Context, Style, Tts
from visavis.errors import EngineError, SetupError
from visavis.ssml import is_markup, parse
from visavis.words import RATE, Pcm


async def ask_once(
    folder: Path,
    text: str,
    *,
    dialog: str | None = None,
    knowledge: Path | None = None,
    seed: int | None = None,
    context: Given = NOTHING,
    out: Path | None = None,
) -> dict[str, Any]:
    """Answer one question of a dialog, or of a knowledge file alone. Raises VisavisError."""
    if out is not None:
        check_place(out)
    if knowledge is not None:
        installation = Installation(folder, required=False, with_dialogs=False)
        chosen = _bare_dialog(knowledge)
    else:
        installation = Installation(folder)
        chosen = installation.dialog(dialog)
    chosen = chosen.model_copy(update={"asr": None})
    house = await House.open(installation, LoopClock(), [chosen], knowledge_file=knowledge, visitors=1)
    try:
        return await ask(house.dialogs[chosen.dialog], text, house.clock, out=out, seed=seed, context=context)
    finally:
        await house.close()


async def prepare_once(folder: Path, dialog: str | None, done: Done) -> dict[str, Any]:
    """Speak a dialog's fixed answers into the cache, the first one's without a name. Raises VisavisError."""
    installation = Installation(folder)
    chosen = installation.dialog(dialog).model_copy(update={"asr": None, "llm": None})
    house = House(installation, LoopClock())
    try:
        opened = await LiveDialog.open(house, chosen)
        try:
            if opened.mute_because is not None:
                raise EngineError(chosen.dialog, opened.mute_because)
            kept = await opened.keep(done)
        finally:
            await opened.close()
    finally:
        await house.close()
    return {"dialog": chosen.dialog, "sentences": kept.sentences, "spoken": kept.spoken, "folder": str(house.cache)}


def _bare_dialog(path: Path) -> Dialog:
    """The built-in presenter with espeak in the file's language, and nothing else."""
    return Dialog(dialog="ask", language=load_file(path).language, knowledge=("file",), tts=Voice(engine="espeak"))


async def say_once(folder: Path, text: str, *, voice: str | None, out: Path, ssml: bool = False) -> dict[str, Any]:
    """Speak `text` to a WAV file as the first dialog does, or by another voice of its engine. Raises VisavisError.

    With `ssml` it is marked up, whether it begins with `<speak` or is what that would hold.
    """
    check_place(out)
    installation = Installation(folder)
    dialog = installation.dialog(None)
    choice, language = dialog.voices[0], dialog.language
    if voice is not None:
        choice, tongue = voice_named(voice, installation, choice)
        language = tongue or language
    house = House(installation, LoopClock())
    try:
        context = house.context(language)
        own = await (_voices(dialog, installation, context) if voice is None else opened_voice(choice, context))
        await house.lexicons.ready()
        spoken = own.capabilities.languages[0]
        if voice is not None and spoken != "*" and not language.lower().startswith(spoken.lower()):
            context = house.context(spoken)
        tts, marked = narrated(own, choice, context, house.lexicons), ssml or is_markup(text)
        pieces, warnings = await _marked(tts, text) if marked else (await aloud(tts, text), [])
        await tts.close()
    finally:
        await house.close()
    if not any(piece.any() for piece in pieces):
        raise SetupError("there is nothing to say in this text", "give some words")
    try:
        samples = write_wav(out, pieces)
    except OSError as error:
        raise SetupError(f"{out}: {error.strerror}", "name a file elsewhere") from error
    told = {"warnings": list(warnings)} if marked else {}
    return {"out": str(out), "seconds": round(samples / RATE, 3), "voice": tts.version, **told}


async def _voices(dialog: Dialog, installation: Installation, context: Context) -> Tts:
    """The dialog's voice; of several one that takes over from another. Raises VisavisError where none can be opened."""
    document = installation.documents.get(dialog.dialog)
    if len(dialog.voices) == 1:
        return await opened_voice(dialog.voices[0], context, document)
    found, why = await voice_of(dialog, context, document, LoopClock())
    if why is not None:
        raise EngineError(dialog.dialog, why)
    return found


async def _marked(tts: Tts, text: str) -> tuple[list[Pcm], Sequence[str]]:
    """A marked-up text, spoken as one, and what of it was left out."""
    text = text if is_markup(text) else f"<speak>{text}</speak>"
    pieces = [chunk.pcm async for chunk in tts.speak(text, Style())]
    document = parse(text)
    cut = f"only the first {LIMIT:,} of {len(document.text):,} characters are spoken; speak it in parts"
    return pieces, [*document.warnings, *([cut] if len(document.text) > LIMIT else [])]
