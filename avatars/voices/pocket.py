"""Kyutai's pocket-tts: small, streaming, on the CPU, and able to speak in the voice of a short clip."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Self

from avatars.voices.worker_voice import WorkerVoice
from visavis.engines import Context, Count, Message
from visavis.errors import OptionError, SetupError
from visavis.pulled import pulled

LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "portuguese": "pt", "italian": "it", "spanish": "es", "dutch": "nl"
}  # fmt: skip
CLIPS = (".wav", ".flac", ".safetensors")
HOTTEST = 2.0


class PocketTts(WorkerVoice):
    """The `tts` engine `pocket-tts`. Made by `open`."""

    name = "pocket-tts"
    service = "avatars.voices.pocket_service:PocketService"
    streams = True
    follows: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        model: str = "english",
        config: str = "english",
        voice: str = "alba",
        clip: str | None = None,
        temperature: float | None = None,
        threads: Count = 1,
    ) -> Self:
        """`model`: one of the library's own (`english`, `french`, …), which it fetches from its hub, or a folder or
        pulled name with `model.safetensors` and `tokenizer.json`; these go with a `.yaml` of the folder or, where there
        is none, with the library's `config`.

        `voice`: one of the library's own, or of the folder's; `clip`: a recording (or its exported state) whose voice
        is spoken with instead. Raises SetupError without the extra, OptionError for what is not there or cannot be
        loaded.
        """
        found = find_spec("pocket_tts")
        if found is None or not found.submodule_search_locations:
            raise SetupError("pocket-tts is not installed", "install it: pip install 'visavis[pocket-tts]'")
        library = Path(found.submodule_search_locations[0]) / "config"
        if temperature is not None and not 0 <= temperature <= HOTTEST:
            raise OptionError("temperature", f"{temperature:g} cannot be used", f"write 0 to {HOTTEST:g}")
        own = _own(library, model)
        folder = None if own else pulled(model, context.cache)
        settings = own or _settings(folder, library, config)
        files = _files(folder) if folder else {}
        spoken = _clip(clip) if clip else _kept(voice, folder)
        language = LANGUAGES.get(settings.stem.split("_")[0], context.language.split("-")[0].lower())
        options: Message = {
            "config": str(settings), **files, "voice": str(spoken or voice), "local": spoken is not None,
            "temperature": temperature, "threads": threads, "language": language,
        }  # fmt: skip
        return await cls.started(
            context, options, [settings, *map(Path, files.values()), *([spoken] if spoken else [])]
        )


def _own(library: Path, name: str) -> Path | None:
    """The library's own settings of that name."""
    path = library / f"{Path(name).name}.yaml"
    return path if Path(name).name == name and path.is_file() else None


def _settings(folder: Path | None, library: Path, config: str) -> Path:
    """The settings that belong to the weights in `folder`."""
    beside = sorted(folder.glob("*.yaml")) if folder is not None else []
    if len(beside) == 1:
        return beside[0]
    found = _own(library, config)
    if found is None:
        known = ", ".join(sorted(LANGUAGES))
        raise OptionError("config", f"pocket-tts has no settings {config!r}", f"use one of {known}")
    return found


def _files(folder: Path) -> dict[str, str]:
    """The weights and the tokenizer in a folder."""
    tokenizers = [path for name in ("tokenizer.json", "tokenizer.model") if (path := folder / name).is_file()]
    model = folder / "model.safetensors"
    if not model.is_file() or not tokenizers:
        missing = "model.safetensors" if not model.is_file() else "tokenizer.json"
        raise OptionError("model", f"{folder} holds no {missing}", "put the model's files there, or pull them")
    return {"weights": str(model), "tokenizer": str(tokenizers[0])}


def _clip(clip: str) -> Path:
    path = Path(clip).expanduser()
    if not path.is_file() or path.suffix.lower() not in CLIPS:
        problem = "there is no such file" if not path.is_file() else "it is of another kind"
        raise OptionError("clip", f"{clip}: {problem}", f"name a recording: {', '.join(CLIPS)}")
    return path


def _kept(voice: str, folder: Path | None) -> Path | None:
    """The voice as a file of the weights' folder, None where it can only be one of the library's own."""
    if Path(voice).name != voice:
        raise OptionError("voice", f"{voice!r} is no name", "give a recording as `clip`")
    if folder is None:
        return None
    for place in (folder, folder / "voices", folder / "embeddings"):
        for suffix in reversed(CLIPS):
            if (place / f"{voice}{suffix}").is_file():
                return place / f"{voice}{suffix}"
    return None
