"""What a dialog learns of how to answer is kept in a log, and made again of it; off by default, nothing is."""

# ruff: noqa: ASYNC240
from __future__ import annotations

import logging
import random
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from behaviors.learning import Trial
from runtime import bandit as module
from runtime.bandit import LEARNING, Bandit
from runtime.bandit_settings import Learn
from runtime.bench.behavior.learning import best_is_warm, lived
from runtime.keeping import bandit_of
from runtime.settings import Dialog, Installation
from visavis.errors import ConfigError

NOW = datetime(2026, 5, 4, 12, 30)
SETTINGS = Learn(enabled=True)
CONTEXT = (1.0,) * 9


def opened(folder: Path, wanted: Learn = SETTINGS, now: datetime = NOW) -> Bandit:
    return Bandit(wanted, folder, "museum", wall=lambda: now)


def trial(bandit: Bandit, name: str = "a1") -> Trial:
    at = bandit.wall().isoformat(timespec="seconds")
    return Trial(name, at, bandit.policy.scheme, 1, CONTEXT, "plain", 0.9, 0.25, stay=True)


async def kept(bandit: Bandit, count: int) -> None:
    for number in range(count):
        bandit.learn(trial(bandit, str(number)))
        await bandit.settled()


async def test_nothing_is_learnt_or_kept_unless_the_file_says_so(tmp_path: Path) -> None:
    dialog = Dialog(dialog="museum", knowledge=("museum",))
    assert bandit_of(dialog, tmp_path) is None
    on = dialog.model_copy(update={"learning": SETTINGS})
    made = bandit_of(on, tmp_path)
    assert made is not None
    await made.load()
    assert list(tmp_path.iterdir()) == [], "nothing was chosen yet"
    made.learn(trial(made))
    await made.settled()
    assert [path.suffix for path in (tmp_path / LEARNING / "museum").iterdir()] == [".jsonl"]


async def test_the_next_start_goes_on_from_the_log(tmp_path: Path) -> None:
    before = opened(tmp_path)
    await kept(before, 3)
    again = opened(tmp_path)
    await again.load()
    assert list(again.policy.trials) == list(before.policy.trials)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_proven_manner_is_followed_from_the_start_again(tmp_path: Path) -> None:
    run = lived(best_is_warm, 3, 2_500)
    last = run.policy.trials[-1].time
    (tmp_path / "2026-01-03.jsonl").write_text("".join(each.line for each in run.policy.trials))
    again = opened(tmp_path, now=last)
    await again.load()
    names = [again.choose(run.policy.trials[-1].context, random.Random(seed)).arm.name for seed in range(200)]
    assert names.count("warm") > 150


async def test_what_is_damaged_is_left_out_with_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await kept(opened(tmp_path), 3)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"\xff\x00 torn\n" + path.read_bytes() + b'{"id": "half')
    again = opened(tmp_path)
    with caplog.at_level(logging.WARNING):
        await again.load()
    assert [each.id for each in again.policy.trials] == ["0", "1", "2"]
    assert [record.getMessage() for record in caplog.records] == [
        "museum: 2 lines of what was learnt are damaged and left out"
    ]


async def test_what_other_arms_were_chosen_from_is_of_no_use(tmp_path: Path) -> None:
    await kept(opened(tmp_path), 3)
    other = opened(tmp_path, Learn(enabled=True, explore=0.5, arms=({"name": "slow", "rate": 0.9},)))  # type: ignore[arg-type]
    await other.load()
    assert len(other.policy.trials) == 0


async def test_days_and_bytes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(trial(opened(tmp_path), "0").line)
    monkeypatch.setattr(module, "LARGEST", 2 * size + 1)
    bandit = opened(tmp_path)
    await kept(bandit, 4)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size == 2 * size
    assert len(bandit.policy.trials) == 4, "it learns on without the disk"
    later = opened(tmp_path, now=NOW + timedelta(days=31))
    await later.load()
    assert list(tmp_path.iterdir()) == []


async def test_a_failing_disk_costs_the_log_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    bandit = opened(tmp_path / "file")
    with caplog.at_level(logging.WARNING):
        await bandit.load()
        await kept(bandit, 3)
    assert len(caplog.records) == 1
    assert len(bandit.policy.trials) == 3


# ── the dialog's file ──
def written(folder: Path, learning: str) -> Dialog:
    (folder / "dialogs").mkdir()
    (folder / "dialogs" / "museum.yaml").write_text(f"dialog: museum\nknowledge: [museum]\nlearning:\n  {learning}\n")
    return Installation(folder).dialogs["museum"]


def test_arms_and_worths_are_as_the_file_says(tmp_path: Path) -> None:
    wanted = written(
        tmp_path, "{enabled: true, arms: [{name: slow, rate: 0.9, beats: none}], reward: {like: 2}}"
    ).learning
    bandit = Bandit(wanted, tmp_path, "museum")
    assert [asdict(arm) for arm in bandit.policy.arms[1:]] == [
        {"name": "slow", "rate": 0.9, "energy": 1.0, "degree": 1.0, "beats": "none"}
    ]
    assert bandit.reward.like == 2


@pytest.mark.parametrize(
    ("learning", "said"),
    [
        ("{explore: 0}", "explore"),
        ("{arms: []}", "arms"),
        ("{arms: [{name: slow, rate: 9}]}", "rate"),
        ("{arms: [{name: slow}]}", "is the plain manner"),
        ("{arms: [{name: plain, rate: 0.9}]}", "share a name"),
        ("{arms: [{name: a, rate: 0.9}, {name: a, rate: 1.1}]}", "share a name"),
        ("{least: 400, window: 200}", "`least` is more"),
        ("{reward: {stay: 0, follow_up: 0, like: 0}}", "nothing is worth"),
        ("{arms: [{name: slow, say: hello}]}", "say"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path: Path, learning: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        written(tmp_path, learning)
    assert "museum.yaml:" in str(refused.value)
    assert refused.value.line in (3, 4)
