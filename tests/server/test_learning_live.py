"""A dialog that learns, over the socket: an answer is tried, liked, and one line of the log tells."""

from __future__ import annotations

from pathlib import Path

from place import HOURS, inside, write_museum
from visitor import visit

from agent.days import lines
from behaviors.learning import PLAIN
from behaviors.learning.trial import trial_of


async def test_what_a_visitor_likes_is_kept_without_his_words(tmp_path: Path) -> None:
    configs = write_museum(tmp_path)
    path = configs / "dialogs" / "silent.yaml"
    arms = "[{name: brisk, rate: 1.3, beats: none}]"
    path.write_text(path.read_text() + f"learning: {{enabled: true, explore: 1, arms: {arms}}}\n")
    async with inside(configs) as house, visit(house) as visitor:
        await visitor.show(video="none")
        said = await visitor.answer("When do you open?")
        assert said["output"][0]["content"][0]["transcript"] == HOURS
        await visitor.send("avatar.feedback", like=True)
        await visitor.send("avatar.presence", present=False)
        await visitor.send("avatar.mute", muted=True)
        await visitor.until("avatar.steered")
    (line,) = lines(tmp_path / "learning" / "silent")
    trial = trial_of(line)
    assert trial.arm in (PLAIN.name, "brisk")
    assert (trial.propensity, trial.like, trial.stay) == (0.5, True, False)
    assert not {"open", "nine"} & set(line.lower().replace('"', " ").split())
