"""What a dialog's knowledge says to a scenario's visitor.

Answers are found before the story begins, for what is asked lives on virtual time and finding them does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from agent.memory import Memory
from agent.mind import Mind
from behaviors.direction import direct
from knowledge.knowledge import Knowledge
from runtime.opened import opened_dialog
from runtime.simulate.scenario import Scenario
from visavis.clock import LoopClock
from visavis.words import Reply, Sentence, Utterance

ASKS = {"says": "voice", "types": "text", "touches": "touch", "comments": "comment"}
Done = Callable[[int, int], None]


class Known:
    """`answers` are the sentences that answer what is said in the scenario."""

    def __init__(self, knowledge: Knowledge, answers: Mapping[str, tuple[Sentence, ...]], seed: int) -> None:
        self.answers, self.language = answers, knowledge.language
        self._knowledge, self._seed = knowledge, seed

    def greeter(self) -> Mind:
        """Who greets in a session, on the clock of the loop that runs then."""
        return Mind(self._knowledge, None, clock=LoopClock(), seed=self._seed, stage_directions=direct)


async def known(folder: Path, dialog: str, scenario: Scenario, seed: int, done: Done) -> Known:
    """Ask a dialog's knowledge all that the scenario's visitor will, and no language model. Raises VisavisError."""
    async with opened_dialog(folder, dialog, done) as knowledge:
        mind = Mind(knowledge, None, clock=LoopClock(), seed=seed, stage_directions=direct)
        memory, answers = Memory(), dict[str, tuple[Sentence, ...]]()
        for event in sorted(scenario.story, key=lambda each: each.at):
            if event.visitor in ASKS and event.answer is None and event.text.strip():
                answers[event.text] = await _asked(mind, memory, event.text, knowledge.language, event.at)
        return Known(knowledge, answers, seed)


async def _asked(mind: Mind, memory: Memory, text: str, language: str, at: float) -> tuple[Sentence, ...]:
    reply: Reply = await mind.answer(Utterance(text, language, "text", at, at), memory)
    return tuple([each async for each in reply.sentences])
