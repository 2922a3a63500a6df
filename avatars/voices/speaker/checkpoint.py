"""Tensors out of a file that an old PyTorch wrote (`torch.save` before its zip format), without PyTorch.

The file is five pickles and then the raw numbers. A pickle can name any function to be called, so this reader knows
three names, none of which does anything but hold data, and refuses every other one.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


@dataclass(frozen=True, slots=True)
class _View:
    """A tensor: numbers from `offset` of the storage named `key`, in this shape."""

    key: str
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    def of(self, storages: dict[str, Array]) -> Array:
        count = int(np.prod(self.shape, dtype=np.int64))
        rows = tuple(int(np.prod(self.shape[axis + 1 :], dtype=np.int64)) for axis in range(len(self.shape)))
        numbers = storages.get(self.key, np.zeros(0, np.float32))[self.offset : self.offset + count]
        if self.offset < 0 or len(numbers) != count or self.stride != rows:
            raise ValueError(f"a tensor of the shape {self.shape} does not lie in its storage")
        return numbers.reshape(self.shape).copy()


class FloatStorage:
    """Stands for `torch.FloatStorage`; nobody makes one."""


def _view(key: str, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> _View:
    return _View(key, offset, shape, stride)


_KNOWN = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch", "FloatStorage"): FloatStorage,
    ("torch._utils", "_rebuild_tensor_v2"): _view,
}


class _Reader(pickle.Unpickler):
    """An unpickler that can make dictionaries, lists, numbers, texts and views of float32 storages."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise ValueError(f"the file asks for {module}.{name}, which no weights need")
        return _KNOWN[module, name]

    def persistent_load(self, pid: Any) -> str:
        if not isinstance(pid, tuple) or pid[:2] != ("storage", FloatStorage) or pid[5] is not None:
            raise ValueError("the file holds something that is no plain float32 storage")
        return str(pid[2])


def read_tensors(path: Path, key: str) -> dict[str, Array]:
    """The tensors of the dictionary `key` of the file, by name. Raises ValueError for what it does not know."""
    with path.open("rb") as file:
        try:
            if (_Reader(file).load(), _Reader(file).load()) != (MAGIC, PROTOCOL):
                raise ValueError("it is no file of the old torch.save")
            _Reader(file).load()  # the sizes of C types on the machine that wrote it
            content = _Reader(file).load()
            storages = {name: _numbers(file) for name in _Reader(file).load()}
            return {name: view.of(storages) for name, view in content[key].items()}
        except (pickle.UnpicklingError, EOFError, KeyError, AttributeError, TypeError, IndexError) as error:
            raise ValueError(f"it is damaged: {error!r}") from error


def _numbers(file: IO[bytes]) -> Array:
    count = int.from_bytes(file.read(8), "little")
    data = file.read(4 * count)
    if len(data) != 4 * count:
        raise ValueError("it ends too early")
    return np.frombuffer(data, "<f4").astype(np.float32)
