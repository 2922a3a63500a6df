"""A session lived through again with a tree that was edited: what a designer sees of the edit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from behaviors.fakes import FakeBody
from behaviors.record import Record
from behaviors.recorded import read_record
from behaviors.replay import Compared, replay
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree
from behaviors.witness import Witness
from visavis.errors import ConfigError
from visavis.words import Utterance

TICK = 0.04
Edited = Callable[..., Tree]


@pytest.fixture
def recorded(tmp_path: Path, edited: Edited) -> Path:
    """Somebody comes and is greeted, asks, coughs into the answer, asks again into it, and goes."""
    body = FakeBody()
    tree = edited("kiosk")
    behavior = Behavior(body, newest=lambda: tree)

    def run(seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            behavior.tick()
            body.advance(TICK)

    def ask(text: str) -> None:
        body.waiting = Utterance(text, "en", "voice", body.now(), body.now())

    run(0.4)
    body.present, body.occasion = True, "enter"
    run(6.0)
    ask("When do you open?")
    run(1.0)
    body.speak()
    run(0.3)
    body.hush()
    run(5.0)
    ask("And on Sunday?")
    run(2.0)
    ask("Or on Monday?")
    run(6.0)
    body.present = False
    run(2.0)
    path = tmp_path / "session.jsonl"
    path.write_text("\n".join(behavior.record()) + "\n", "utf-8")
    return path


def differences(found: Compared) -> list[tuple[str, str, str]]:
    return [(each.was.what, each.now.what, each.now.why) for each in found.differences]


def test_the_same_tree_decides_the_same(recorded: Path, edited: Edited) -> None:
    found = replay(read_record(recorded), edited("kiosk"))
    assert differences(found) == []
    assert found.same == 7


def test_a_branch_that_is_gone_is_missed_with_the_reason(recorded: Path, edited: Edited) -> None:
    found = replay(read_record(recorded), edited("kiosk", ("    - {type: greet, name: greeting}\n", "")))
    assert differences(found) == [("greet enter", "", "there is no node 'greeting'")]
    assert found.differences[0].was.why


def test_a_branch_that_comes_first_now_does_something_else(recorded: Path, edited: Edited) -> None:
    found = replay(read_record(recorded), edited("kiosk", ("onset_s: 0.095", "onset_s: 0.5")))
    assert [(was, now) for was, now, _ in differences(found)] == [("hold", ""), ("resume", "")]


def test_the_same_at_another_time_is_told_so(recorded: Path, edited: Edited) -> None:
    found = replay(read_record(recorded), edited("kiosk", ("resume_s: 0.6", "resume_s: 1.4")))
    assert [(was, now) for was, now, _ in differences(found)] == [("resume", "resume")]
    [resumed] = found.differences
    assert 0.7 < resumed.now.at_s - resumed.was.at_s < 0.9


def test_a_session_that_does_not_give_way_does_not_when_lived_through_again(tmp_path: Path, edited: Edited) -> None:
    body, tree = FakeBody(), edited("kiosk")
    body.polite = False
    behavior = Behavior(body, newest=lambda: tree)
    body.waiting = Utterance("When do you open?", "en", "text", 0.0, 0.0)
    for n in range(150):
        if n == 20:
            body.speak()
        if n == 60:
            body.hush()
        behavior.tick()
        body.advance(TICK)
    path = tmp_path / "session.jsonl"
    path.write_text("\n".join(behavior.record()), "utf-8")
    assert '"did":"interrupt"' in path.read_text("utf-8")
    found = replay(read_record(path), edited("kiosk"))
    assert differences(found) == []
    assert found.same >= 3


def test_a_record_tells_of_words_only_of_which_kind_they_are(recorded: Path) -> None:
    text = recorded.read_text("utf-8")
    assert "Sunday" not in text
    waiting = [json.loads(line)["perceived"]["waiting"] for line in text.splitlines() if '"waiting":{' in line]
    assert {each["words"] for each in waiting} == {"words"}


def test_a_long_record_keeps_its_end_and_what_held_at_its_beginning(tmp_path: Path) -> None:
    body = FakeBody()
    body.present = True
    record, witness = Record(0.0, kept=10), Witness(body)
    for n in range(40):
        body.frozen = n % 2 == 1
        record.perceive(float(n), witness.perceived())
    lines = [json.loads(line) for line in record.lines({"tree": "kiosk"})]
    assert lines[0]["forgotten"] == 30
    assert lines[1]["perceived"]["present"] is True
    path = tmp_path / "record.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert len(read_record(path).perceived) == 11


HEAD = '{"record":1,"tree":"kiosk"}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: the file is empty"),
        ("hello\n", ":1: the line is not JSON"),
        ("[1]\n", ":1: the line is no JSON object"),
        ('{"tree":"kiosk"}\n', ":1: record: this is no record"),
        ('{"record":2}\n', ":1: record: this is no record"),
        (HEAD + "{}\n", ":2: at_s: this is no record"),
        (HEAD + '{"at_s":1}\n', "it tells of either"),
        (HEAD + '{"at_s":NaN,"perceived":{}}\n', ":2: at_s: "),
        (HEAD + '{"at_s":-5,"perceived":{}}\n', ":2: at_s: "),
        (HEAD + '{"at_s":1,"perceived":{"present":"yes"}}\n', ":2: perceived.present: "),
        (HEAD + '{"at_s":1,"perceived":{"voice":{"active":true}}}\n', ":2: perceived.voice.began: "),
        (HEAD + '{"at_s":1,"perceived":{"occasion":"birthday"}}\n', ":2: perceived.occasion: "),
        (HEAD + '{"at_s":9,"perceived":{}}\n{"at_s":1,"perceived":{}}\n', ":3: at_s: it goes back"),
        (HEAD + '{"at_s":0,"perceived":{}}\n{"at_s":1e8,"perceived":{}}\n', ":3: at_s: the record is longer"),
        (HEAD + '{"at_s":1,"decision":{"node":1}}\n', ":2: decision."),
        (HEAD + "[" * 100_000 + "\n", ":2: the line is not JSON"),
    ],
)
def test_a_file_that_is_no_record_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as refused:
        read_record(path)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 500
