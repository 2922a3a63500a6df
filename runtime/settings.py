"""The files of an installation: `app.yaml` and `dialogs/*.yaml`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from runtime.agent_settings import Filler, Live, Llm, Persona, Privacy, Remember, Review, Tools, Webhook
from runtime.bandit_settings import Learn
from runtime.choices import EngineChoice, Name
from runtime.hearing.turn_end.spoken import places
from runtime.hearing.turn_end.timing import TURN, Endpointing, Strategy
from runtime.manner import Politeness
from runtime.tact_settings import TactRule
from runtime.voice_settings import Preset, Voice, Voices, enrolled, presets
from visavis.config import Document, Fault, Strict, build, read, suggest, write_schema
from visavis.errors import SetupError

Language = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP-47, such as en or zh-CN")
]


def _sayable(phrase: str) -> str:
    if sum(len(unit) for unit, _ in places(phrase)) < 2:
        raise ValueError(f"{phrase!r} is nothing that can be called; write two letters or more")
    return phrase


Phrase = Annotated[str, Field(max_length=60), AfterValidator(_sayable)]


class Tls(Strict):
    cert: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.cert is None) != (self.key is None):
            raise ValueError("a certificate and its key go together; name both, or neither")
        return self


class Server(Strict):
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    token_env: str = Field(default="VISAVIS_TOKEN", description="The environment variable that holds the token.")
    origins: tuple[str, ...] = Field(
        default=(), description="Other web origins that may connect, such as https://shop.example."
    )
    tls: Tls = Tls()

    def token(self) -> str | None:
        """The token that clients must show, None when none is configured."""
        return os.environ.get(self.token_env) or None


class Workers(Strict):
    launcher: Literal["local"] = "local"
    renderers: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = Field(
        default="auto", description="Processes that draw."
    )


class Cache(Strict):
    dir: Path = Path(".visavis/cache")
    max_gb: float = Field(default=2, gt=0)


Embedders = dict[str, str | EngineChoice]


class App(Strict):
    """configs/app.yaml"""

    server: Server = Server()
    workers: Workers = Workers()
    cache: Cache = Cache()
    voices: Voices = Voices()
    embedder: EngineChoice | Embedders = Field(
        default_factory=lambda: dict[str, str | EngineChoice]({"default": "minilm", "zh": "chinese"}),
        union_mode="left_to_right",
        description="An engine for every language, or by language; a name, or `engine` with its keys.",
    )

    @field_validator("embedder")
    @classmethod
    def _by_language(cls, value: EngineChoice | Embedders) -> EngineChoice | Embedders:
        for name in value if isinstance(value, dict) else ():
            if not re.fullmatch("default|[a-z]{2,3}", name):
                raise ValueError(f"{name!r} is no language; write `default` or one such as `zh`")
        return value

    def embedder_for(self, language: str) -> tuple[str, EngineChoice]:
        """The key of the file that decides for the language, and its choice."""
        if isinstance(self.embedder, EngineChoice):
            return "embedder", self.embedder
        primary = language.split("-")[0].lower()
        key = primary if primary in self.embedder else "default"
        chosen = self.embedder.get(key, "minilm")
        return f"embedder.{key}", EngineChoice(engine=chosen) if isinstance(chosen, str) else chosen


class Asr(EngineChoice):
    """How visitors are heard; the keys that are not named here are the engine's own."""

    turn: tuple[Strategy, ...] = Field(
        default=TURN, min_length=1, description="What ends a visitor's turn: strategies, asked in this order."
    )
    endpointing: Endpointing = Field(default=Endpointing(), description="The numbers of these strategies.")
    mode: Literal["hands_free", "hold", "wake"] = Field(
        default="hands_free",
        description="Whether it listens all the time, only while a button is held, or for its wake phrase.",
    )
    wake: tuple[Phrase, ...] = Field(default=(), max_length=20, description="What it is called: hey mia.")
    awake_s: float = Field(default=10, ge=0, le=300, description="So long after an exchange it needs no wake phrase.")
    interrupt: Politeness = Field(
        default="at_once", description="When a visitor's voice ends what the avatar says: never, or after the sentence."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.turn)) != len(self.turn):
            raise Fault("turn", "it names a strategy twice; name each once")
        if self.mode == "wake" and not self.wake:
            raise Fault("mode", "`wake` needs phrases to be called by; write `wake: [hey mia]`")
        return self


class Inviting(Strict):
    """What the page writes beside the picture while nobody is there."""

    after_s: float = Field(default=20, ge=0, le=3600, description="It begins when nobody has been there for so long.")
    every_s: float = Field(default=8, ge=3, le=600, description="So long a line stands.")
    lines: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = Field(
        default=(), max_length=20, description="Lines that invite; without any the top questions do."
    )


class Page(Strict):
    title: str = ""
    buttons: int = Field(default=6, ge=0, le=12, description="How many top questions are offered as buttons.")
    reset_s: int = Field(
        default=60, ge=10, le=3600, description="Without a touch or a word so long, the page starts afresh."
    )
    languages: tuple[Name, ...] = Field(default=(), description="Dialogs that the language switch offers.")
    camera: bool = Field(
        default=False, description="Whether the page asks for the camera, to see who comes; no picture leaves it."
    )
    attract: Inviting = Inviting()
    label: str | None = Field(
        default=None, description="The label of synthetic media; null: AI, or its word in the language."
    )


class Dialog(Strict):
    """configs/dialogs/*.yaml"""

    dialog: Name
    language: Language = "en"
    knowledge: tuple[Name, ...] = Field(min_length=1)
    avatar: Name = "presenter"
    tts: Voice | Annotated[tuple[Voice, ...], Field(min_length=1, max_length=8)] = Field(
        default=Voice(engine="espeak"), description="A voice, or several: where one fails, the next speaks."
    )
    asr: Asr | None = None
    llm: Llm | None = None
    webhook: Webhook | None = None
    tools: Tools = Tools()
    filler: Filler = Filler()
    live: bool | Live = Field(default=False, description="Whether others listen: comments of a room are answered.")
    tree: Name = "kiosk"
    persona: Persona = Persona()
    feelings: tuple[TactRule, ...] = Field(
        default=(), max_length=40, description="How feelings give way to the situation, before the shipped rules."
    )
    learning: Learn = Learn()
    privacy: Privacy = Privacy()
    review: Review = Review()
    memory: Remember = Remember()
    page: Page = Page()

    @field_validator("tts", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        return value.model_dump() if type(value) is EngineChoice else value

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Who speaks, in order."""
        return self.tts if isinstance(self.tts, tuple) else (self.tts,)

    @property
    def room(self) -> Live | None:
        """How a live room is answered; None where there is one visitor."""
        return self.live if isinstance(self.live, Live) else Live() if self.live else None

    @property
    def label(self) -> str:
        return self.page.label if self.page.label is not None else "AI 生成" if self.language.startswith("zh") else "AI"


class Installation:
    """All the files below one configuration folder. Raises ConfigError or SetupError.

    Without `required` the folder may be absent; without `with_dialogs` only `app.yaml` is read.
    """

    def __init__(self, folder: Path, *, required: bool = True, with_dialogs: bool = True) -> None:
        if required and not folder.is_dir():
            raise SetupError(f"there is no configuration folder {folder}", "name one with --config DIR")
        self.folder = folder
        app = folder / "app.yaml"
        self.document = read(app) if app.exists() else None
        """`app.yaml`, where there is one."""
        self.app = build(App, self.document) if self.document is not None else App()
        self.presets = presets(folder / "voices")
        """The voices of the folder `voices`, by name."""
        self.dialogs: dict[str, Dialog] = {}
        self.documents: dict[str, Document] = {}
        """The dialogs' files by the dialogs' names."""
        for path in sorted((folder / "dialogs").iterdir()) if with_dialogs and (folder / "dialogs").is_dir() else ():
            if path.suffix in (".yaml", ".yml") and not path.name.startswith("."):
                self._add(read(path))

    def _add(self, document: Document) -> None:
        dialog = build(Dialog, document)
        name, stem = dialog.dialog, document.path.stem
        if name in self.dialogs:
            problem = f"{name!r} is also in {self.documents[name].path.name}"
            raise document.error("dialog", problem, "remove one of the two files")
        if name != stem:
            raise document.error("dialog", f"{name!r} is in a file named {document.path.name}", f"write {stem!r} here")
        voices = tuple(e if e.engine else self.voice(e.options["voice"]).instead_of(e) for e in dialog.voices)
        spoken = dialog.model_copy(update={"tts": voices if isinstance(dialog.tts, tuple) else voices[0]})
        self.dialogs[name], self.documents[name] = spoken, document

    def voice(self, name: str) -> Voice:
        """The voice of that name: one of the folder `voices`, else the enrolled one, which need not be there."""
        if name in self.presets:
            return self.presets[name].tts
        return enrolled(name, self.app.voices)

    def dialog(self, name: str | None) -> Dialog:
        """A dialog by name; without one the first. Raises SetupError naming those that exist."""
        if not self.dialogs:
            raise SetupError(f"{self.folder / 'dialogs'} holds no dialog", "write one, or name another --config DIR")
        if name is None:
            return next(iter(self.dialogs.values()))
        if name not in self.dialogs:
            hint = suggest(name, list(self.dialogs)) or f"use one of: {', '.join(self.dialogs)}"
            raise SetupError(f"there is no dialog named {name!r} in {self.folder / 'dialogs'}", hint)
        return self.dialogs[name]


def write_schemas(folder: Path) -> None:
    """Write the JSON Schemas that editors complete from, beside the files."""
    write_schema(App, folder / "app.schema.json")
    write_schema(Dialog, folder / "dialogs" / "dialog.schema.json")
    write_schema(Preset, folder / "voices" / "voice.schema.json")


if __name__ == "__main__":
    write_schemas(Path("configs"))
