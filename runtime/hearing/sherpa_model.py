"""The files of a streaming model of sherpa-onnx: found in a folder, and looked into without loading them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from visavis.errors import SetupError

_METADATA = 14
"""The field of an ONNX file's `ModelProto` that holds its `metadata_props`, each a key (1) and a value (2)."""
_MOST = 1 << 20
_SMALL = ".int8."
_TRANSDUCERS = ("conformer", "ebranchformer", "lstm", "zipformer", "zipformer2")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Files:
    """What the recogniser is made of; a paraformer has no joiner."""

    tokens: Path
    encoder: Path
    decoder: Path
    joiner: Path | None
    bpe_vocab: Path | None

    @property
    def kind(self) -> str:
        return "paraformer" if self.joiner is None else "transducer"


def find(folder: Path, named: dict[str, Path | None]) -> Files:
    """The files of `folder`, or those that are `named`. Raises SetupError for what is missing or in doubt."""
    tokens = named.get("tokens") or folder / "tokens.txt"
    parts = {part: named.get(part) or _part(folder, part) for part in ("encoder", "decoder", "joiner")}
    encoder, decoder, joiner = parts["encoder"], parts["decoder"], parts["joiner"]
    for what, path in (("tokens", tokens), ("encoder", encoder), ("decoder", decoder)):
        if path is None or not path.is_file():
            where = f"no {what} at {path}" if path is not None else f"{folder}: no {what}*.onnx there"
            raise SetupError(where, f"name the folder of a streaming model, or its {what} by asr.{what}")
    assert encoder is not None
    assert decoder is not None
    vocabulary = folder / "bpe.vocab"
    return Files(tokens, encoder, decoder, joiner, vocabulary if vocabulary.is_file() else None)


def _part(folder: Path, part: str) -> Path | None:
    """The one file of the folder that is this part; of two that differ in precision alone the quicker."""
    found = sorted(path for path in folder.glob(f"{part}*.onnx") if path.is_file())
    variants = {path.name.replace(_SMALL, ".") for path in found}
    if len(variants) > 1:
        names = ", ".join(sorted(variants))
        raise SetupError(f"{folder} holds several: {names}", f"name one of them by asr.{part}")
    small = [path for path in found if _SMALL in path.name]
    full = [path for path in found if _SMALL not in path.name]
    prefer = full + small if part == "decoder" else small + full
    return prefer[0] if prefer else None


# ── what they say ──
def check(files: Files) -> None:
    """Raises SetupError where the encoder is none of a streaming model: loading it would end the process."""
    said = metadata(files.encoder)
    kind = said.get("model_type", "")
    if "non-streaming" in said.get("comment", ""):
        raise SetupError(f"{files.encoder} does not stream", "name a streaming model")
    if files.joiner is not None and kind not in _TRANSDUCERS and not kind.startswith("EncDec"):
        raise SetupError(f"{files.encoder} is no streaming transducer, but {kind or 'does not say what'}", _ASK)
    if files.joiner is None and "decoder_num_blocks" not in said:
        raise SetupError(f"{files.encoder} is no streaming paraformer, and there is no joiner beside it", _ASK)


_ASK = "name a streaming transducer or paraformer that was exported for sherpa-onnx"


def metadata(path: Path) -> dict[str, str]:
    """What an ONNX file says of itself, read without its weights. Raises SetupError."""
    found: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for field, value in _fields(file, os.fstat(file.fileno()).st_size, only=_METADATA):
                assert field == _METADATA
                pair = dict(_pairs(value))
                found[pair.get(1, "")] = pair.get(2, "")
    except (ValueError, EOFError) as error:
        raise SetupError(f"{path} is no whole ONNX file: {error}", "pull it again") from None
    return found


def _fields(file: BinaryIO, size: int, *, only: int) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields numbered `only` of a protobuf message; the others are leapt over."""
    while file.tell() < size:
        tag = _number(file)
        field, wire = tag >> 3, tag & 7
        if wire == 0:
            _number(file)
            continue
        length = {1: 8, 5: 4}.get(wire, -1) if wire != 2 else _number(file)
        if length < 0 or file.tell() + length > size:
            raise ValueError(f"a field of kind {wire} at byte {file.tell():,} does not fit")
        if field == only and wire == 2 and length <= _MOST:
            yield field, file.read(length)
        else:
            file.seek(length, os.SEEK_CUR)


def _number(file: BinaryIO) -> int:
    number = shift = 0
    while True:
        byte = file.read(1)
        if not byte or shift > 63:
            raise EOFError("a number is cut off")
        number |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            return number


def _pairs(entry: bytes) -> Iterator[tuple[int, str]]:
    at = 0
    while at + 1 < len(entry):
        field, at = entry[at] >> 3, at + 1
        length = shift = 0
        while at < len(entry):
            length |= (entry[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if entry[at - 1] < 0x80:
                break
        yield field, entry[at : at + length].decode("utf-8", "replace")
        at += length


# ── its tokens ──
@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the tokens are like."""

    characters: frozenset[str]
    pieces: bool
    """Whether words are made of pieces (BPE)."""

    @property
    def chinese(self) -> bool:
        return any(_CJK.match(each) for each in self.characters)

    @property
    def latin(self) -> bool:
        return any(each.isascii() and each.isalpha() for each in self.characters)

    @property
    def capitals(self) -> bool:
        """Whether it writes Latin letters as capitals only."""
        letters = [each for each in self.characters if each.isascii() and each.isalpha()]
        return bool(letters) and all(each.isupper() for each in letters)


def vocabulary(tokens: Path) -> Vocabulary:
    """Raises SetupError for what is no list of tokens."""
    try:
        found = [line.rsplit(None, 1)[0] for line in tokens.read_text("utf-8").splitlines() if len(line.split()) > 1]
    except (UnicodeDecodeError, IndexError):
        found = []
    if len(found) < 2:
        raise SetupError(f"{tokens} is no list of tokens", "name the tokens.txt of the model")
    plain = [each for each in found if not (each.startswith("<") and each.endswith(">"))]
    return Vocabulary(frozenset("".join(plain).replace("▁", "")), any("▁" in each for each in plain))
