"""A package as a folder: its manifest read, its files held against it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from avatars.packages import contents
from avatars.packages.consent import APPROVAL
from avatars.packages.manifest import MANIFEST, Manifest
from avatars.records import file_sha256
from visavis.config import Document, build, read
from visavis.errors import SetupError


def opened(folder: Path) -> tuple[Document, Manifest]:
    """The manifest and where its keys stand. Raises ConfigError."""
    document = read(folder / MANIFEST)
    return document, build(Manifest, document)


def there(folder: Path, document: Document, manifest: Manifest) -> None:
    """Raise ConfigError for a file that the manifest names and that is not there."""
    for key, each in manifest.files():
        if not (folder / each.file).is_file():
            raise document.error(f"{key}.file", f"there is no file {each.file}", "bring the file, or the whole package")


def intact(folder: Path, document: Document, manifest: Manifest) -> None:
    """Raise ConfigError unless every named file is the one that was packed, and weights are weights."""
    there(folder, document, manifest)
    for key, each in manifest.files():
        if key.startswith("models.") and not contents.is_model(Path(each.file)):
            remedy = "name a .safetensors or .onnx file"
            raise document.error(f"{key}.file", f"{each.file} is no file of weights that is taken", remedy)
        if file_sha256(folder / each.file) != each.sha256:
            raise document.error(f"{key}.sha256", f"{each.file} is another file", "bring the one that was packed")
        if problem := contents.fault(folder / each.file):
            raise document.error(f"{key}.file", f"{each.file}: {problem}", "bring the right file")


def members(folder: Path) -> Iterator[tuple[str, Path]]:
    """What travels with the package: relative name and path of each file, sorted. Raises SetupError for a link."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "__")))
        for name in sorted((*folders, *names)):
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            if name.startswith(".") or relative == APPROVAL:
                continue
            if not stat.S_ISREG(mode := path.lstat().st_mode) and not stat.S_ISDIR(mode):
                raise SetupError(f"{path} is no file of its own but a link or a device", "put the file itself there")
            if stat.S_ISREG(mode):
                yield relative, path
