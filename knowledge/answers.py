"""What the knowledge base gives to the agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.passages import Passage
from knowledge.schema import Faq, Greeting, Intent, Keyword, Rule
from visavis.words import Card, Choice, Decision, Match

EntryKind = Literal["greeting", "keyword", "faq", "skill", "rule"]
FoundBy = Literal["keyword", "faq", "skill", "suggest", "rag", "fallback"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the knowledge base says; one of `say` is picked. `question` is its first phrasing, or empty.

    A rule may say nothing and only act or show; where it has `llm`, a language model is asked that instead.
    """

    id: str
    kind: EntryKind
    say: tuple[str, ...]
    action: str | None = None
    show: Card | None = None
    question: str = ""
    cooldown_s: float = 0.0
    llm: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a text.

    `direct` has an `entry` and its `match`; `suggest` has up to three `choices`, best first; `rag` has `passages`.
    `candidates` are the entries most like the text, best first, whatever was decided.
    """

    decision: Decision
    source: FoundBy
    entry: Entry | None = None
    match: Match | None = None
    choices: tuple[Choice, ...] = ()
    passages: tuple[Passage, ...] = ()
    candidates: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that was weighed: its first phrasing, its score, and what that rests on, all from 0 to 1.

    `dense` is the likeness in meaning of the nearest phrasing, `lexical` that in letters.
    """

    id: str
    question: str
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is answered as it is.

    `text` is what the matcher reads: normalised, and with the last question where the text leans on it. `exact` and
    `keywords` are the ids that it fires, `candidates` the entries it is most like, best first. An answer is direct from
    a score of `direct` with the next one `margin` behind, and offered from `suggest`. `because` is one sentence.
    """

    text: str
    exact: tuple[str, ...]
    keywords: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    direct: float
    suggest: float
    margin: float
    finding: Finding
    because: str


def source(found: Entry) -> FoundBy:
    """What a text was answered by."""
    return "skill" if found.kind == "skill" else "keyword" if found.kind == "keyword" else "faq"


def entry(item: Greeting | Keyword | Faq | Rule) -> Entry:
    """The entry of a file's item."""
    card = item.show.card() if item.show else None
    match item:
        case Greeting():
            return Entry(item.id, "greeting", item.say, item.action, card, "", item.cooldown)
        case Keyword():
            return Entry(item.id, "keyword", item.say, item.action, card, "", item.cooldown)
        case Rule():
            says, asked = item.say or (), item.llm or ""
            return Entry(item.id, "rule", says, item.action, card, "", item.cooldown, asked)
        case Intent():
            return Entry(item.id, "skill", item.say, item.action, card, item.ask[0], item.cooldown)
        case Faq():
            return Entry(item.id, "faq", item.say, item.action, card, item.ask[0], item.cooldown)
