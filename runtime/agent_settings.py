"""What a dialog's file says of its brain: who thinks, in whose name, what is reviewed, remembered and kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from agent.grounding import Grounding
from agent.review.lists import term
from agent.review.policy import OnFailure, Treatment
from runtime.choices import EngineChoice, Name
from visavis.config import Strict


class LlmServer(Strict):
    url: str = Field(
        pattern=r"^https?://", description="An OpenAI-style server's base address, such as http://host/v1."
    )
    model: str
    key_env: str | None = Field(default=None, description="The environment variable that holds the key.")


class Llm(LlmServer):
    first_sentence_s: float = Field(default=2, gt=0, le=60)
    answer_s: float = Field(default=15, gt=0, le=600)
    temperature: float = Field(default=0.3, ge=0, le=2)
    retries: int = Field(default=1, ge=0, le=5, description="Tries behind the first, where one may help.")
    fallbacks: tuple[LlmServer, ...] = Field(default=(), max_length=8, description="Asked where the first one fails.")
    grounding: Grounding = Field(
        default="strict",
        description="What of a sentence must be in the knowledge base: words and figures, figures, or nothing (off).",
    )
    pictures: bool = Field(default=False, description="Whether the model takes pictures.")


class Webhook(Strict):
    """Somebody else's HTTP service that answers; the contract is in docs/webhook.md."""

    url: str = Field(pattern=r"^https?://")
    key_env: str | None = Field(default=None, description="The environment variable that holds the key.")
    when: Literal["instead", "after"] = Field(
        default="instead", description="Before the knowledge base, or behind what it answers itself."
    )
    first_sentence_s: float = Field(default=2, gt=0, le=60)
    answer_s: float = Field(default=15, gt=0, le=600)
    trusted: bool = Field(default=False, description="Whether links and numbers in its words may be said.")


class ToolChoice(Strict):
    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
    description: str = Field(min_length=1, max_length=1000)
    url: str = Field(pattern=r"^https?://", description="`{name}` in it stands for an argument.")
    method: Literal["GET", "POST"] = "GET"
    parameters: dict[str, Any] = Field(default={}, description="A JSON Schema with `properties` and `required`.")
    key_env: str | None = None
    timeout_s: float = Field(default=3, gt=0, le=60)

    @field_validator("url")
    @classmethod
    def _at_home(cls, value: str) -> str:
        if "{" in value.split("/")[2].partition("?")[0]:
            raise ValueError("an argument stands for the whole host or a part of it; write the host out")
        return value

    @field_validator("parameters")
    @classmethod
    def _object(cls, value: dict[str, Any]) -> dict[str, Any]:
        properties = value.get("properties", {})
        if not isinstance(properties, dict) or not all(isinstance(each, dict) for each in properties.values()):
            raise ValueError("`properties` is no mapping of schemas; write {properties: {NAME: {type: string}}}")
        if not isinstance(value.get("required", []), list | tuple):
            raise ValueError("`required` is no list; write {required: [NAME]}")
        return value


class Tools(Strict):
    """What the language model may call; never in a live room."""

    trusted: bool = Field(default=False, description="Whoever writes true lets the model act on its own.")
    items: tuple[ToolChoice, ...] = Field(default=(), max_length=32)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        if self.items and not self.trusted:
            raise ValueError("a language model calls tools only where it is trusted to; add `trusted: true`")
        if len({each.name for each in self.items}) < len(self.items):
            raise ValueError("two tools have the same name; rename one")
        return self


class Live(Strict):
    """How a live room is answered: nothing is offered to choose from."""

    answer_from: float = Field(
        default=0.35, ge=0, le=1, description="What is probably meant is answered from this probability on."
    )
    fallback: Literal["silent", "say"] = Field(
        default="silent", description="Whether what nobody can answer is passed over, or the fallback line is said."
    )


class Filler(Strict):
    """What bridges a long thought."""

    after_s: float = Field(default=0.7, ge=0.2, le=30)
    say: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] | None = Field(
        default=None, description="Lines of which one is said; null: the product's own; []: none, the face thinks."
    )


class Persona(Strict):
    name: str = ""
    tone: str = "warm"
    taboo: tuple[str, ...] = ()
    max_sentences: int = Field(default=3, ge=1, le=20)
    style: Literal["written", "rewrite"] = Field(
        default="written",
        description="Fixed answers as they are written, or reworded in the tone ahead of time by the language model.",
    )


class Privacy(Strict):
    """What is kept of what visitors say; sound and pictures never are."""

    keep_text: Literal["off", "redacted", "full"] = Field(
        default="off", description="What the journal keeps of questions; redacted: without personal data."
    )
    days: int = Field(default=30, ge=0, le=3650, description="After so many days a journal is deleted.")


class Review(Strict):
    """What visitors say and what is about to be said is reviewed, both before anything is voiced."""

    enabled: bool = True
    lexicons: tuple[Name, ...] = Field(
        default=("en", "zh"), description="Word lists: review/NAME.txt beside the dialogs' folder, or shipped ones."
    )
    allow: tuple[str, ...] = Field(default=(), description="Terms that are never held against anyone.")
    personal_data: Treatment = Field(default="mask", description="In what visitors say: mask, block or off.")
    links: Treatment = "mask"
    injection: bool = Field(default=True, description="Whether orders to the language model are refused.")
    on_failure: OnFailure = Field(
        default="auto", description="When the classifier fails: block, pass; auto blocks in live rooms alone."
    )
    classifier: EngineChoice | None = Field(
        default=None, description="A judge behind the word lists, such as {engine: moderations, url: …}."
    )

    @field_validator("allow")
    @classmethod
    def _terms(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            term(text, "allow")
        return value


class Remember(Strict):
    """What is remembered of a visitor beyond the visit, if he agrees to it."""

    visitors: bool = Field(default=False, description="Whether visitors who agree are known again.")
    days: int = Field(default=30, ge=1, le=3650, description="So long after the last visit.")
