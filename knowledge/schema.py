"""The knowledge file as pydantic models; `python -m knowledge.schema` writes its JSON Schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from knowledge import patterns
from knowledge.fields import (
    Action,
    Asks,
    Condition,
    DocumentPath,
    Duration,
    EventKinds,
    Id,
    Language,
    LastWords,
    Prompt,
    Says,
    Terms,
    Threshold,
)
from knowledge.item import Dated, Rested, Show, Spoken, Timed
from visavis.config import Fault, Strict, write_schema
from visavis.words import Occasion

__all__ = [
    "Dated", "DocumentRef", "Fallback", "Faq", "Greeting", "Intent", "Keyword", "KnowledgeFile", "Quota", "Rested",
    "Rule", "Show", "Skill", "Spoken", "Thresholds",
]  # fmt: skip

SCHEMA = Path("configs/knowledge/knowledge.schema.json")
ITEMS = 10_000
"""Items that a section of one file may have; a library may be many files."""


class Greeting(Timed, Spoken):
    """What is said unasked, on an occasion: one of those that fit and have the highest priority."""

    on: Occasion

    def occasions(self) -> tuple[str, ...]:
        return (self.on,)


class Keyword(Spoken):
    """Fires when every `all`, at least one `any` (if given) and no `none` is in the text."""

    any: Terms = ()
    all: Terms = ()
    none: Terms = ()
    match: Literal["word", "exact", "contains", "regex"] = "word"

    @model_validator(mode="after")
    def _terms(self) -> Self:
        if not (self.any or self.all):
            raise ValueError("a keyword needs `any` or `all`; add the words to look for")
        if self.match == "regex":
            for key in ("any", "all", "none"):
                for place, pattern in enumerate(getattr(self, key)):
                    _checked(f"{key}[{place}]", pattern)
        return self


def _checked(key: str, pattern: str) -> None:
    try:
        patterns.checked(pattern)
    except ValueError as error:
        raise Fault(key, str(error)) from None


class Faq(Spoken):
    """A question in several wordings, and its answer.

    Where entries ask the same, or so nearly the same that no one of them stands out, the highest priority answers.
    """

    ask: Asks
    button: bool = Field(default=False, description="offer it as a button")


class Intent(Faq):
    """One thing that a skill can answer, in several wordings."""


class Skill(Dated):
    """A bundle of intents that are switched on and off, and dated, together."""

    id: Id
    title: str = ""
    intents: Annotated[tuple[Intent, ...], Field(min_length=1, max_length=ITEMS)]

    def answers(self) -> tuple[Intent, ...]:
        """The intents, each within the skill's own switch and window."""
        return tuple(each.within(self) for each in self.intents)


class Quota(Strict):
    """How often at most: `count` times in any span of `per`."""

    count: Annotated[int, Field(ge=1, le=100_000)]
    per: Duration

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.per <= 0:
            raise Fault("per", "`per` is no time at all; write for example 1h")
        return self


class Rule(Timed, Rested):
    """What is done when something happens: a text said, a question put to the language model, a card, an action."""

    on: EventKinds
    when: Condition = Field(default="", description="for example: gift.count >= 5 and user.name")
    quota: Quota | None = None
    say: Says | None = None
    llm: Prompt | None = Field(default=None, description="what the language model is asked to say")
    action: Action | None = None
    show: Show | None = None

    def occasions(self) -> tuple[str, ...]:
        return self.on

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.say is None and self.llm is None and self.action is None and self.show is None:
            raise ValueError("the rule does nothing; add `say`, `llm`, `action` or `show`")
        if self.say is not None and self.llm is not None:
            raise Fault("llm", "`say` and `llm` exclude each other; keep one")
        return self


class DocumentRef(Dated):
    """A document that answers may be read from."""

    path: DocumentPath
    title: str = ""


class Greetings(Strict):
    """The greetings, and a switch for all of them."""

    enabled: bool = True
    items: Annotated[tuple[Greeting, ...], Field(max_length=ITEMS)] = ()


class Keywords(Strict):
    """The keywords, and a switch for all of them."""

    enabled: bool = True
    items: Annotated[tuple[Keyword, ...], Field(max_length=ITEMS)] = ()


class Faqs(Strict):
    """The questions, and a switch for all of them."""

    enabled: bool = True
    items: Annotated[tuple[Faq, ...], Field(max_length=ITEMS)] = ()


class Skills(Strict):
    """The skills, and a switch for all of them."""

    enabled: bool = True
    items: Annotated[tuple[Skill, ...], Field(max_length=ITEMS)] = ()


class Rules(Strict):
    """The rules, and a switch for all of them."""

    enabled: bool = True
    items: Annotated[tuple[Rule, ...], Field(max_length=ITEMS)] = ()


class Fallback(Strict):
    """What is said when nothing was found."""

    say: LastWords


class Thresholds(Strict):
    """Scores from 0 to 1; `auto` is worked out from the library's own questions."""

    direct: Threshold = "auto"
    suggest: Threshold = "auto"
    margin: Threshold = "auto"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.direct != "auto" and self.suggest != "auto" and self.suggest > self.direct:
            raise Fault("suggest", "`suggest` is above `direct`; exchange them")
        return self


class KnowledgeFile(Strict):
    """configs/knowledge/*.yaml; files of one name are one library."""

    knowledge: Id
    language: Language
    greetings: Greetings = Greetings()
    keywords: Keywords = Keywords()
    faq: Faqs = Faqs()
    skills: Skills = Skills()
    rules: Rules = Rules()
    documents: Annotated[tuple[DocumentRef, ...], Field(max_length=ITEMS)] = ()
    fallback: Fallback | None = None
    thresholds: Thresholds = Thresholds()


if __name__ == "__main__":
    write_schema(KnowledgeFile, SCHEMA)
