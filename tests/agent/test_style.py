"""Fixed answers in another tone: no fact is lost, or the original stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.style import Styles, keeps
from visavis.clock import run_virtual
from visavis.fakes.llm import BREAK, FakeLlm

HOURS = "We are open from nine to five, every day but Monday. Ask Mia at www.museum.example."


@pytest.mark.parametrize(
    ("original", "wording", "kept"),
    [
        (HOURS, "Do come by: we are open from 9 to 5 every day but Monday! Ask Mia at www.museum.example.", True),
        (HOURS, "Do come by: we are open from 9 to 6 every day but Monday! Ask Mia at www.museum.example.", False),
        (HOURS, "Do come by: we are open from 9 to 5 every day but Monday! Ask us at www.museum.example.", False),
        (HOURS, "Do come by: we are open from 9 to 5 every day but Monday! Ask Mia.", False),
        ("The cafe is not open.", "I am glad to say that the cafe is open.", False),
        ("The cafe is on the left.", "The cafe is on the left, and it costs 5 euros.", False),
        ("The cafe is on the left.", "How lovely that you ask: you will find the cafe on the left.", True),
        ("The cafe is on the left.", "咖啡馆在左边。", False),
        ("The cafe is on the left.", "", False),
        ("龙井茶每壶六十八元。", "我们的龙井茶每壶68元哦。", True),
        ("龙井茶每壶六十八元。", "我们的龙井茶每壶78元哦。", False),
        ("周一休息。", "周二休息。", False),
    ],
)
def test_a_wording_keeps_every_fact_or_is_not_used(original: str, wording: str, kept: bool) -> None:
    assert keeps(original, wording, "zh" if "茶" in original or "周" in original else "en") is kept


def test_what_was_learned_is_kept_and_what_was_not_good_enough_is_not_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "styles" / "museum.json"
    left, right = "The cafe is on the left.", "The lift is on the right."

    async def main() -> None:
        llm = FakeLlm(["[happy]Lovely: the cafe is on the left!"], ["The lift costs 5 euros."], ["never"])
        styles = Styles(llm, "warm", "en", file)
        await styles.learn([left, right, "Hello {name}!"])
        assert (styles.restyle(left), styles.restyle(right)) == ("Lovely: the cafe is on the left!", right)
        again = Styles(llm, "warm", "en", file)
        await again.load()
        await again.learn([left, right])
        assert again.restyle(left) == "Lovely: the cafe is on the left!"
        assert len(llm.calls) == 2
        assert Styles(llm, "brisk", "en", file).restyle(left) == left

    run_virtual(main())


def test_a_model_that_fails_leaves_answers_as_they_are(tmp_path: Path) -> None:
    async def main() -> None:
        styles = Styles(FakeLlm([BREAK]), "warm", "en", tmp_path / "s.json")
        await styles.learn(["The cafe is on the left.", "The lift is on the right."])
        assert styles.restyle("The cafe is on the left.") == "The cafe is on the left."

    run_virtual(main())


def test_a_disk_that_fails_costs_what_would_be_kept_alone(tmp_path: Path) -> None:
    (tmp_path / "styles").write_text("a file where a folder is wanted")

    async def main() -> None:
        styles = Styles(FakeLlm(["Lovely: the cafe is on the left!"]), "warm", "en", tmp_path / "styles" / "s.json")
        await styles.learn(["The cafe is on the left."])
        assert styles.restyle("The cafe is on the left.") == "Lovely: the cafe is on the left!"

    run_virtual(main())
