"""An action that an entry names goes where its words are."""

from __future__ import annotations

import pytest

from agent.wording import Wording
from behaviors.direction import direct


def actions(say: str, action: str | None) -> list[list[tuple[str, int, str]]]:
    sentences = Wording("en", directions=direct).played(say, action)
    return [[(cue.name, cue.at, cue.rank) for cue in each.cues if cue.kind == "action"] for each in sentences]


@pytest.mark.parametrize(
    ("say", "action", "found"),
    [
        ("The shop is on your left.", "present_right", [[("present_right", 20, "asked")]]),
        ("The shop is open.", "present_right", [[("present_right", 0, "asked")]]),
        ("The shop is open today. It is on your left.", "present_right", [[], [("present_right", 14, "asked")]]),
        ("Yes. It is on your left.", "wave", [[("wave", 0, "asked")], [("present_right", 14, "meant")]]),
        ("Yes, it is on your left.", None, [[("nod", 0, "meant"), ("present_right", 19, "meant")]]),
        ("<speak>The shop is on your left.</speak>", "present_right", [[("present_right", 20, "asked")]]),
        ('<speak>Yes, on <mark name="action:wave"/>your left.</speak>', None, [[("wave", 8, "asked")]]),
    ],
)
def test_an_entrys_action_is_done_at_its_word_or_first_of_all(
    say: str, action: str | None, found: list[list[tuple[str, int, str]]]
) -> None:
    assert actions(say, action) == found
