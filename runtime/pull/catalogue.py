"""What can be pulled: `catalogue.yaml` of this folder, or a file of the same shape."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from visavis.config import Strict, build, read, suggest
from visavis.errors import SetupError
from visavis.pulled import NAME

OURS = Path(__file__).parent / "catalogue.yaml"


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise ValueError(f"{path!r} is no path inside the weights' folder")
    return path


def _address(url: str) -> str:
    found = urlsplit(url)
    local = found.scheme == "http" and found.hostname in ("127.0.0.1", "localhost")
    if not (found.scheme == "https" and found.hostname) and not local:
        raise ValueError(f"{url!r} is no https address")
    return url


Address = Annotated[str, AfterValidator(_address)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Source(Strict):
    """One file of the publisher's. A `sha256` stands here only with the publisher's page that says it."""

    path: Annotated[str, AfterValidator(_inside)] = Field(description="Where it lies in the weights' folder.")
    url: Address
    sha256: Sha256 | None = None
    hash_from: Address | None = None

    @model_validator(mode="after")
    def _said_by_the_publisher(self) -> Self:
        if (self.sha256 is None) != (self.hash_from is None):
            raise ValueError("`sha256` and `hash_from`, the publisher's page that says it, go together")
        return self


class Weights(Strict):
    """A folder of weights. An `archive` is one source, a tar file whose only folder becomes the weights' folder."""

    name: str = Field(pattern=f"^{NAME.pattern}$")
    what: str
    use: str = Field(description="The YAML that uses it.")
    languages: tuple[str, ...] = ()
    mb: float = Field(gt=0, description="Millions of bytes to fetch, about.")
    licence: str
    licence_note: str = Field(default="", description="What the licence asks of who uses it, where it asks much.")
    page: Address = Field(description="The publisher's page.")
    files: tuple[Source, ...] = Field(min_length=1)
    archive: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.archive and len(self.files) != 1:
            raise ValueError("an archive is one file")
        if len({file.path for file in self.files}) < len(self.files):
            raise ValueError("two files have one path")
        return self


class Catalogue(Strict):
    """A catalogue file."""

    weights: tuple[Weights, ...]

    def find(self, name: str) -> Weights:
        """The weights of that name. Raises SetupError naming like ones."""
        by_name = {each.name: each for each in self.weights}
        if name not in by_name:
            raise SetupError(f"there are no weights named {name!r}", suggest(name, list(by_name)) or "see pull --list")
        return by_name[name]


def catalogue(path: Path = OURS) -> Catalogue:
    """Read a catalogue. Raises ConfigError."""
    document = read(path)
    found = build(Catalogue, document)
    names = [each.name for each in found.weights]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise document.error(f"weights[{at}].name", f"{name!r} is there twice", "rename one of the two")
    return found
