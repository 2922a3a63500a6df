"""A dialog's own tact: read with its file, refused with the line, followed before the shipped rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import write_desk

from behaviors.emotion import Feeling
from runtime.settings import Installation
from runtime.thinking import Thinkers
from visavis.clock import LoopClock
from visavis.errors import ConfigError
from visavis.words import Emotion


def opened(folder: Path, feelings: str) -> Thinkers:
    """The brain's side of the desk's dialog, with `feelings` in its file."""
    own = write_desk(folder / "configs")
    (path,) = (own / "dialogs").glob("*.yaml")
    path.write_text(path.read_text("utf-8").rstrip() + f"\nfeelings:\n{feelings}", "utf-8")
    (settings,) = Installation(own).dialogs.values()
    return Thinkers(settings, LoopClock())


def test_a_dialogs_rules_go_before_the_shipped_ones(tmp_path: Path) -> None:
    manners = opened(tmp_path, "  - {visitor: [complaint], show: sorry, at: 0.9}\n").manners
    assert manners.proper(Feeling(), "We open at nine.", "complaint") == Feeling(Emotion.SORRY, 0.9)
    assert manners.proper(Feeling(), "We open at nine.", "anger").label is Emotion.CALM


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{visitor: [grumpy], show: calm}", "visitor"),
        ("{visitor: [anger], show: angry}", "show"),
        ("{visitor: [anger], show: calm, at: 3}", "at"),
        ("{show: calm}", "names neither a visitor nor an answer"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_key(tmp_path: Path, rule: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        opened(tmp_path, f"  - {rule}\n")
