"""The parts that a dialog's file names: found and made, or refused with the line that names them."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import PydanticSchemaGenerationError, TypeAdapter, ValidationError

from avatars.package import Avatar, find
from avatars.voices.speaking import Speaking
from avatars.voices.styled import Styled
from behaviors.trees.loading import Tree
from knowledge.knowledge import Knowledge
from runtime.choices import EngineChoice
from runtime.settings import Dialog, Installation
from runtime.trees import Trees
from runtime.voice_settings import Voice
from runtime.voiceless import Voiceless
from visavis.clock import Clock
from visavis.config import Document, short, suggest
from visavis.engines import Context, Embedder, Kind, Tts, engine, engine_names
from visavis.errors import ConfigError, OptionError, SetupError, VisavisError

log = logging.getLogger(__name__)


def refusal(document: Document | None, key: str, problem: str, remedy: str) -> Exception:
    """What is wrong at `key` of the file; without a file, what is wrong alone."""
    return SetupError(problem, remedy) if document is None else document.error(key, problem, remedy)


def avatar_of(dialog: Dialog, installation: Installation) -> Avatar:
    """The dialog's avatar. Raises ConfigError or SetupError."""
    try:
        return find(dialog.avatar, installation.folder)
    except SetupError as error:
        document = installation.documents.get(dialog.dialog)
        raise refusal(document, "avatar", error.problem, error.remedy) from error


def tree_of(dialog: Dialog, installation: Installation, trees: Trees) -> Tree:
    """The dialog's behaviour tree. Raises ConfigError or SetupError."""
    try:
        return trees.open(dialog.tree)
    except SetupError as error:
        document = installation.documents.get(dialog.dialog)
        raise refusal(document, "tree", error.problem, error.remedy) from error


def engine_class(kind: Kind, choice: EngineChoice, document: Document | None, place: str | None = None) -> Any:
    """The class of the engine, whose options are checked against its `open`; `place` is the file's key for it.

    Raises ConfigError (without a document SetupError) for what is written, SetupError for what cannot be loaded.
    """
    names = engine_names(kind)
    if choice.engine not in names:
        problem = f"there is no {kind} engine named {choice.engine!r}"
        raise refusal(document, f"{place or _place(kind)}.engine", problem, suggest(choice.engine, names))
    found = engine(kind, choice.engine)
    _check(place or _place(kind), found.open, choice, document)
    return found


def embedder_class(language: str, installation: Installation) -> tuple[Any, EngineChoice]:
    """The embedder that `app.yaml` chooses for a language, and its options. Raises ConfigError or SetupError."""
    key, choice = installation.app.embedder_for(language)
    names = engine_names("embedder")
    if choice.engine not in names:
        problem = f"there is no embedder named {choice.engine!r}"
        raise refusal(installation.document, key, problem, suggest(choice.engine, names))
    found = engine("embedder", choice.engine)
    _check(key, found.open, choice, installation.document)
    return found, choice


async def made(
    kind: Kind, choice: EngineChoice, context: Context, document: Document | None, place: str | None = None
) -> Any:
    """The engine, open. Raises as `engine_class`, SetupError or EngineError for what cannot work here."""
    found = engine_class(kind, choice, document, place)
    try:
        return await found.open(context, **choice.options)
    except OptionError as error:
        raise refusal(document, f"{place or _place(kind)}.{error.key}", error.problem, error.remedy) from error


def _place(kind: Kind) -> str:
    """The key of a dialog's file that chooses engines of this kind."""
    return "review.classifier" if kind == "classifier" else kind


def _check(kind: str, opening: Any, choice: EngineChoice, document: Document | None) -> None:
    what = kind.partition("[")[0]
    parameters: Mapping[str, inspect.Parameter] = inspect.signature(opening).parameters
    takes = {name: each for name, each in list(parameters.items())[1:] if each.kind is not each.VAR_KEYWORD}
    anything = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    kinds = _hints(opening)
    for name, value in choice.options.items():
        key = f"{kind}.{name}"
        if name not in takes and not anything:
            known = suggest(name, sorted(takes)) if takes else "remove it"
            raise refusal(document, key, f"the {what} engine {choice.engine!r} has no such key", known)
        if name in kinds and (wanted := _misfit(kinds[name], value)):
            raise refusal(document, key, f"{short(value)} cannot be used", wanted)
    for name, each in takes.items():
        if each.default is each.empty and name not in choice.options:
            problem = f"the {what} engine {choice.engine!r} needs the key {name!r}"
            raise refusal(document, kind, problem, f"add `{name}: …`")


def _hints(opening: Any) -> Mapping[str, Any]:
    try:
        return get_type_hints(opening, include_extras=True)
    except NameError:
        return {}


def _misfit(kind: Any, value: object) -> str | None:
    """What is to be written in place of a value that is none of that kind, or lies beyond its bounds."""
    if isinstance(value, str | bool) and set(_plain(kind)) - {type(None)} <= {int, float}:
        return "write a number"
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"].removeprefix("Input ")
        bound = said.startswith("should be") and "than" in said
        return f"it {said}" if bound else f"write a value of the type {getattr(kind, '__name__', kind)}"
    except PydanticSchemaGenerationError:
        return None
    return None


def _plain(kind: Any) -> Iterator[Any]:
    """The classes of a type, whatever unions and bounds are around them."""
    inner = get_args(kind)[:1] if get_origin(kind) is Annotated else get_args(kind)
    if not inner:
        yield kind
    for each in inner:
        yield from _plain(each)


async def knowledge_of(
    names: tuple[str, ...], folder: Path, context: Context, embedder: Embedder, document: Document | None, soon: bool
) -> Knowledge:
    """The knowledge base; a name that no file has is the dialog file's error."""
    try:
        return await Knowledge.open(names, folder, context, embedder, soon=soon)
    except ConfigError as error:
        if document is None or error.path != folder:
            raise
        place = next((n for n, name in enumerate(names) if repr(name) in error.problem), 0)
        raise document.error(f"knowledge[{place}]", f"{folder}: {error.problem}", error.remedy) from error


async def opened_voice(
    choice: Voice, context: Context, document: Document | None = None, place: str | None = None
) -> Styled:
    """The voice, open, following every style. Raises as `made`, of a voice of the folder `voices` with its own file."""
    if choice.document is not None:
        document, place = choice.document, "tts"
    return Styled(await made("tts", choice, context, document, place))


async def voice_of(
    settings: Dialog, context: Context, document: Document | None, clock: Clock
) -> tuple[Tts, str | None]:
    """The voices as one, of which each is there for the one before it; or one that has none, and why.

    Raises ConfigError for what the file says of any of them.
    """
    voices: list[Tts] = []
    limits: list[tuple[float, float]] = []
    problems: list[str] = []
    for place, choice in enumerate(settings.voices):
        key = f"tts[{place}]" if isinstance(settings.tts, tuple) else "tts"
        try:
            voices.append(await opened_voice(choice, context, document, key))
            limits.append((choice.first_s, choice.between_s))
        except ConfigError:
            for voice in voices:
                await voice.close()
            raise
        except VisavisError as error:
            log.warning("%s: the voice %r is off: %s", settings.dialog, choice.engine, error)
            problems.append(str(error))
    if not voices:
        return Voiceless("; ".join(problems)), f"the voice is off: {'; '.join(problems)}"
    return Speaking(voices, clock=clock, limits=limits), None
