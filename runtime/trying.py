"""`visavis kb try`: what would be answered to a text or an event, and why. No language model is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agent.memory import Memory
from agent.mind import Mind
from agent.sentences import rejoin
from agent.visitor import clean
from behaviors.direction import direct
from knowledge import templates
from knowledge.answers import Entry
from knowledge.knowledge import Knowledge
from knowledge.schema import Rule
from knowledge.when import condition
from visavis.clock import LoopClock
from visavis.ssml import words_of
from visavis.words import Reply, Utterance

Given = Mapping[str, object]


async def tried(knowledge: Knowledge, text: str, *, topic: str | None, given: Given) -> dict[str, Any]:
    """What a text is answered with `given` as the caller's fields, after `topic` was answered. Raises EngineError."""
    found = await knowledge.explain(clean(text).text, topic=topic)
    memory, clock = Memory(), LoopClock()
    memory.topic = topic
    now = clock.now()
    mind = Mind(knowledge, None, clock=clock, stage_directions=direct)
    reply = await mind.answer(Utterance(text, knowledge.language, "text", now, now), memory, given)
    finding = found.finding
    unsaid = finding.entry if reply.decision != finding.decision else None
    return {
        "text": text,
        "read_as": found.text,
        "decision": reply.decision,
        "source": reply.source,
        "match": asdict(finding.match) if finding.match and not unsaid else None,
        "because": f"{found.because} {_unsaid(unsaid)}" if unsaid else found.because,
        **await _said(reply),
        "wordings": [words_of(each) for each in finding.entry.say] if finding.entry else [],
        "choices": [asdict(each) for each in finding.choices],
        "passages": [asdict(each) for each in finding.passages],
        "exact": list(found.exact),
        "keywords": list(found.keywords),
        "candidates": [asdict(each) for each in found.candidates],
        "limits": {"direct": found.direct, "suggest": found.suggest, "margin": found.margin},
    }


async def reacted(knowledge: Knowledge, event: Given, *, given: Given) -> dict[str, Any]:
    """What an event makes it say or do, and of each rule that waits for its kind whether it fires."""
    mind = Mind(knowledge, None, clock=LoopClock(), stage_directions=direct)
    reply = await mind.react(event, Memory(), given)
    fired = reply.match.id if reply is not None and reply.match is not None else None
    now, known = datetime.now(), {**given, **event}
    waiting = [rule for rule in knowledge.rules() if event.get("kind") in rule.on]
    return {
        "event": dict(event),
        "rule": fired,
        "because": _because(event, fired, waiting),
        **(await _said(reply) if reply is not None else {"say": "", "emotions": [], "actions": [], "show": None}),
        "rules": [
            {"id": each.id, "priority": each.priority, "because": _state(each, fired, known, now)} for each in waiting
        ],
    }


async def _said(reply: Reply) -> dict[str, Any]:
    """What comes out: the text as it is spoken, the feelings and actions, the card."""
    sentences = [each async for each in reply.sentences]
    actions = [cue.name for each in sentences for cue in each.cues if cue.kind == "action"]
    actions += [reply.action] if reply.action is not None else []
    return {
        "say": rejoin(each.text for each in sentences),
        "emotions": list(dict.fromkeys(each.emotion.value for each in sentences)),
        "actions": actions,
        "show": asdict(reply.show) if reply.show else None,
    }


def _unsaid(entry: Entry) -> str:
    """Why an entry that is meant says nothing."""
    fields = dict.fromkeys(name for say in entry.say for name in templates.fields(say))
    wanted = ", ".join(f"{{{name}}}" for name in fields if name not in templates.BUILT_IN)
    return f"But it has nothing to say: each of its wordings has a field that is not given ({wanted})."


def _because(event: Given, fired: str | None, waiting: list[Rule]) -> str:
    if fired is not None:
        return f"the rule {fired!r} fires"
    kind = event.get("kind")
    return f"none of {len(waiting)} rules fires" if waiting else f"no rule waits for an event of the kind {kind!r}"


def _state(rule: Rule, fired: str | None, known: Given, now: datetime) -> str:
    """Why one rule fires or does not."""
    if rule.id == fired:
        return "fires"
    if not rule.valid(now):
        return "switched off, or not in its time"
    if rule.when and not condition(rule.when).holds(known, now):
        return f"`when` does not hold: {rule.when}"
    if rule.llm:
        return "would ask a language model, which is not done here"
    if fired is not None:
        return f"comes after {fired!r}"
    return "it is not its time, or a field in what it says is not given"
