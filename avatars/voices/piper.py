"""Piper's voices. Piper is under the GPL: it is imported in a worker process of its own alone."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Self

from avatars.voices.worker_voice import WorkerVoice
from visavis.engines import Context, Count, Pace
from visavis.errors import OptionError, SetupError
from visavis.pulled import pulled


class PiperTts(WorkerVoice):
    """The `tts` engine `piper`. Made by `open`."""

    name = "piper"
    service = "avatars.voices.piper_service:PiperService"

    @classmethod
    async def open(
        cls, context: Context, *, model: str, speaker: int | str | None = None, rate: Pace = 1.0, threads: Count = 1
    ) -> Self:
        """`model`: a voice's `.onnx`, whose `.onnx.json` lies beside it, or a folder with one, or a pulled name.

        `speaker` is a number, or a name of the voice's own, of a voice that has several. Raises SetupError without the
        extra, OptionError for files that are not there or cannot be loaded.
        """
        if find_spec("piper") is None:
            raise SetupError("piper is not installed", "install it: pip install 'visavis[piper]'")
        path = _voice_in(pulled(model, context.cache))
        config = path.with_name(f"{path.name}.json")
        if not config.is_file():
            raise OptionError("model", f"{config} is missing", "it is published beside the .onnx; put it there")
        options = {"model": str(path), "speaker": speaker, "rate": rate, "threads": threads}
        return await cls.started(context, options, [path, config])


def _voice_in(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(path.glob("*.onnx"))
    if len(found) != 1:
        problem = f"{path} holds {len(found)} .onnx files" if found else f"{path} holds no .onnx file"
        raise OptionError("model", problem, "name the voice's .onnx file")
    return found[0]
