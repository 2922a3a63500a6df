"""sherpa-onnx's voices: VITS, Matcha, Kokoro and Kitten, by the folder that they are published as."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self

from avatars.voices.worker_voice import WorkerVoice
from visavis.engines import Context, Count, Message, Pace
from visavis.errors import OptionError, SetupError
from visavis.pulled import pulled

Family = Literal["vits", "matcha", "kokoro", "kitten"]
_VOCODERS = ("vocos", "hifigan", "vocoder")


class SherpaTts(WorkerVoice):
    """The `tts` engine `sherpa-onnx`. Made by `open`."""

    name = "sherpa-onnx"
    service = "avatars.voices.sherpa_service:SherpaVoiceService"

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        model: str,
        family: Family | None = None,
        vocoder: str | None = None,
        speaker: int = 0,
        rate: Pace = 1.0,
        threads: Count = 1,
    ) -> Self:
        """`model`: a folder with a voice's files, or a pulled name; `vocoder`: Matcha's, where it lies elsewhere.

        The family is told by the files unless it is named. Raises SetupError without the extra, OptionError for files
        that are not there or cannot be loaded.
        """
        if find_spec("sherpa_onnx") is None:
            raise SetupError("sherpa-onnx is not installed", "install it: pip install 'visavis[sherpa-onnx]'")
        folder = pulled(model, context.cache)
        if not folder.is_dir():
            raise OptionError("model", f"{folder} is no folder", "name the folder that the voice was published as")
        other = pulled(vocoder, context.cache, key="vocoder") if vocoder else None
        files = files_of(folder, family, other, british=context.language.lower().startswith("en-gb"))
        known = [context.language.split("-")[0].lower()]
        options: Message = {"files": files, "speaker": speaker, "rate": rate, "threads": threads, "languages": known}
        return await cls.started(context, options, [Path(files["model"])])


def _lexicons(folder: Path, *, british: bool) -> list[Path]:
    """The pronunciations, of American and British ones one alone."""
    found = sorted(folder.glob("lexicon*.txt"))
    accents = {accent: [path for path in found if f"-{accent}" in path.name] for accent in ("us", "gb")}
    unwanted = accents["us" if british else "gb"] if all(accents.values()) else []
    return [path for path in found if path not in unwanted]


def files_of(folder: Path, family: Family | None, vocoder: Path | None, *, british: bool = False) -> dict[str, str]:
    """What of the folder is which part of the voice, and its family. Raises OptionError where a part is missing."""
    weights = sorted(folder.glob("*.onnx"), key=lambda path: ("int8" in path.name, path.name))
    coders = [path for path in weights if path.name.startswith(_VOCODERS)]
    models = [path for path in weights if path not in coders]
    if not models:
        raise OptionError("model", f"{folder} holds no .onnx file", "name the folder that the voice was published as")
    if not (folder / "tokens.txt").is_file():
        raise OptionError("model", f"{folder} holds no tokens.txt", "name the folder that the voice was published as")
    voices = folder / "voices.bin"
    coder = vocoder or (coders[0] if coders else None)
    told = "matcha" if coder else "kitten" if "kitten" in folder.name else "kokoro" if voices.is_file() else "vits"
    kind = family or told
    if kind in ("kokoro", "kitten") and not voices.is_file():
        raise OptionError("model", f"{folder} holds no voices.bin", f"a {kind} voice has one")
    if kind == "matcha" and coder is None:
        raise OptionError("vocoder", "a Matcha voice needs one", "name a vocos or hifigan .onnx file")
    found = {"family": kind, "model": str(models[0]), "tokens": str(folder / "tokens.txt")}
    found |= {"voices": str(voices)} if kind in ("kokoro", "kitten") else {}
    found |= {"vocoder": str(coder)} if kind == "matcha" else {}
    several = {"rule_fsts": "*.fst", "rule_fars": "*.far"}
    found |= {part: ",".join(map(str, sorted(folder.glob(wanted)))) for part, wanted in several.items()}
    found["lexicon"] = ",".join(map(str, _lexicons(folder, british=british)))
    folders = {"data_dir": "espeak-ng-data", "dict_dir": "dict"}
    return found | {part: str(folder / name) for part, name in folders.items() if (folder / name).is_dir()}
