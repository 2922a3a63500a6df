"""`visavis behavior evaluate`: what a dialog has learnt of how to answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Done, write_desk

from runtime.bench.behavior.learning import ARMS, best_is_warm, lived

Here = Callable[..., Done]


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """The desk, whose dialog learns."""
    configs = write_desk(tmp_path / "configs")
    path = configs / "dialogs" / "museum.yaml"
    path.write_text(path.read_text("utf-8").rstrip() + "\nlearning: {enabled: true}\n", "utf-8")
    return configs


def test_a_dialog_that_has_learnt_nothing_says_so(here: Here, configs: Path) -> None:
    done = here("behavior", "evaluate", "museum", "--config", configs)
    assert done.status == 0
    assert "0 answers prove nothing" in done.out
    assert here("behavior", "evaluate", "nobody", "--config", configs).status != 0


def test_what_is_chosen_and_why_is_told_with_intervals(here: Here, configs: Path) -> None:
    folder = configs / "learning" / "museum"
    folder.mkdir(parents=True)
    run = lived(best_is_warm, 3, 2_500)
    trials = list(run.policy.trials)
    (folder / "2026-01-01.jsonl").write_text("".join(each.line for each in trials) + "torn\n")
    told = json.loads(here("behavior", "evaluate", "museum", "--config", configs, "--json").out)
    assert (told["trials"], told["damaged"], told["enabled"]) == (len(trials), 1, True)
    assert [arm["name"] for arm in told["arms"]] == ["plain", *(arm.name for arm in ARMS)]
    assert sum(arm["share"] for arm in told["arms"]) == 1
    found = told["evaluation"]
    for estimate in ("ips", "snips", "dr", "plain", "gain"):
        assert found[estimate]["low"] < found[estimate]["value"] < found[estimate]["high"]
    assert found["shares"]["warm"] > 0.9
    text = here("behavior", "evaluate", "museum", "--config", configs).out
    assert f"museum: {len(trials)} answers, {trials[0].at} to {trials[-1].at}" in text
    assert "1 lines are damaged" in text
    assert "SNIPS" in text
