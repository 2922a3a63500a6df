"""A designer at the command line: is the tree right, what does it look like, what does it do and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from desk import Done

Here = Callable[..., Done]
SHIPPED = Path(__file__).parents[2] / "configs" / "behaviors"
TREES = ["kiosk", "live", "widget"]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A designer's own copy of the kiosk's tree, in a configuration folder."""
    folder = tmp_path / "configs" / "behaviors"
    folder.mkdir(parents=True)
    return Path(shutil.copy(SHIPPED / "kiosk.yaml", folder / "kiosk.yaml"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def timeline(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["timeline"]
    return found


# ── check ──
def test_what_is_shipped_is_right(here: Here) -> None:
    done = here("behavior", "check", *TREES, *(SHIPPED / f"{name}.yaml" for name in TREES))
    assert (done.status, done.out, done.told) == (0, "no problems\n", "")


def test_every_wrong_file_is_told_with_its_line(here: Here, mine: Path, tmp_path: Path) -> None:
    edit(mine, "{type: greet, name: greeting}", "{type: gret, name: greeting}")
    empty = tmp_path / "empty.yaml"
    empty.write_text("")
    done = here("behavior", "check", mine, empty, "kiosk")
    assert done.status == 1
    wrong, nothing = done.told.splitlines()
    line = mine.read_text("utf-8").splitlines().index("    - {type: gret, name: greeting}") + 1
    assert wrong.startswith(f"{mine}:{line}: ")
    assert "'gret'" in wrong
    assert "greet" in wrong.split(";")[-1]
    assert nothing.startswith(f"{empty}:1: ")
    told = json.loads(here("behavior", "check", mine, "--json").out)
    assert (told["errors"], told["problems"]) == (1, [wrong])


def test_a_name_that_no_tree_has_is_a_failure_with_a_hint(here: Here) -> None:
    for verb in ("check", "render", "simulate"):
        done = here("behavior", verb, "kisok")
        assert done.status == 1
        assert "'kiosk'" in done.told


def test_a_folder_is_refused(here: Here, mine: Path) -> None:
    assert here("behavior", "check", mine.parent).told.startswith(f"{mine.parent}:1: this is a folder")


def test_a_tree_of_the_configuration_goes_before_the_shipped_one(here: Here, mine: Path) -> None:
    edit(mine, "{type: greet, name: greeting}", "{type: greet, name: say hello}")
    configs = mine.parent.parent
    assert "say hello" in here("behavior", "render", "kiosk", "--config", configs).out
    assert "say hello" not in here("behavior", "render", "kiosk").out


# ── render ──
def test_a_tree_is_drawn_as_text(here: Here) -> None:
    lines = here("behavior", "render", "kiosk").out.splitlines()
    assert lines[0] == "? kiosk"
    place = next(n for n, line in enumerate(lines) if "barge-in" in line)
    assert lines[place].startswith("├─ ? barge-in")
    assert lines[place + 1].startswith("│  ├─ • give way")
    assert lines[place + 2].startswith("│  └─ • yield")
    assert "resume_s 0.6" in lines[place + 2]
    assert lines[-1].startswith("└─ • idle")


@pytest.mark.parametrize("name", TREES)
def test_a_tree_is_drawn_as_a_picture_in_which_no_card_lies_over_another(here: Here, tmp_path: Path, name: str) -> None:
    out = tmp_path / "tree.svg"
    assert here("behavior", "render", name, "--out", out).status == 0
    told = json.loads(here("behavior", "render", name, "--json").out)
    picture = ElementTree.parse(out).getroot()
    space = "{http://www.w3.org/2000/svg}"
    names = {text.text for text in picture.iter(f"{space}text")}
    nodes, rest = [], [told["root"]]
    while rest:
        nodes.append(rest.pop())
        rest += nodes[-1]["children"]
    assert {node["name"] for node in nodes} <= names
    cards = [group.find(f"{space}rect") for group in picture.iter(f"{space}g")]
    assert len(cards) == len(nodes)
    boxes = [
        tuple(float(card.attrib[key]) for key in ("x", "y", "width", "height")) for card in cards if card is not None
    ]
    for n, (x, y, wide, high) in enumerate(boxes):
        assert x + wide <= float(picture.attrib["width"])
        assert y + high <= float(picture.attrib["height"])
        for left, top, width, height in boxes[:n]:
            assert x >= left + width or left >= x + wide or y >= top + height or top >= y + high


def test_a_name_is_drawn_as_it_is_written(here: Here, tmp_path: Path) -> None:
    path, out = tmp_path / "odd.yaml", tmp_path / "odd.svg"
    path.write_text("tree: odd\nroot: {type: reply, name: '<b> & 欢迎 \"quoted\"'}\n", "utf-8")
    assert here("behavior", "render", path, "--out", out).status == 0
    texts = [text.text for text in ElementTree.parse(out).getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert '<b> & 欢迎 "quoted"' in texts


def test_only_svg_is_drawn(here: Here) -> None:
    done = here("behavior", "render", "kiosk", "--out", "tree.png")
    assert (done.status, ".svg" in done.told) == (2, True)


# ── simulate ──
@pytest.mark.parametrize("name", TREES)
def test_each_shipped_tree_has_a_scenario_in_which_it_acts_and_rests_again(here: Here, name: str) -> None:
    told = json.loads(here("behavior", "simulate", name, "--json").out)
    times = [each["at_s"] for each in told["timeline"]]
    assert (told["tree"], told["scenario"]) == (name, name)
    assert times == sorted(times)
    assert told["timeline"][-1]["mood"] == "idle"
    assert any(each["who"] == "avatar" for each in told["timeline"])
    assert all(each["why"] for each in told["decisions"])


def test_the_story_tells_why_the_avatar_waved(here: Here) -> None:
    lines = here("behavior", "simulate", "kiosk").out.splitlines()
    came = next(n for n, line in enumerate(lines) if "visitor  arrives" in line)
    greeted = lines[came + 1]
    assert "greeting ▸ greet first_visit  because: " in greeted
    assert "first_visit" in greeted.split("because: ")[1]
    waved = next(line for line in lines if "wave on “Hello”" in line)
    assert "because: greeting: it goes with sentence 1" in waved


def test_the_same_is_told_every_time(here: Here) -> None:
    assert here("behavior", "simulate", "live").out == here("behavior", "simulate", "live").out


STORY = """
scenario: mine
language: zh-CN
greets: {first_visit: "你好，欢迎光临！"}
story:
  - {at: 1, visitor: arrives}
  - {at: 6, visitor: types, text: "几点开门？", answer: "我们九点开门。"}
"""


def test_a_scenario_of_ones_own_is_played(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(STORY, "utf-8")
    done = here("behavior", "simulate", "kiosk", "--scenario", path, "--json")
    said = [each["what"] for each in timeline(done) if each["who"] == "avatar"]
    assert any(what.startswith("“我们九点开门。”") for what in said)
    assert any(what.startswith("wave on “") for what in said)


def test_a_dialogs_own_knowledge_answers_and_greets(here: Here, desk: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    story = "[{at: 1, visitor: arrives}, {at: 2, visitor: types, text: When do you open?}]"
    path.write_text(f"scenario: mine\ngreets: {{first_visit: Hello}}\nstory: {story}\n", "utf-8")
    play = ("behavior", "simulate", "kiosk", "--scenario", path, "--json", "--config", desk)
    met = [each["what"] for each in timeline(here(*play, "--dialog", "museum")) if each["who"] == "avatar"]
    assert any("from nine to five" in what for what in met)
    assert any(what.startswith("nod on ") for what in met), "its entry asks for it"
    assert not any("Hello" in what for what in met), "it greets nobody"
    assert "'museum'" in here(*play, "--dialog", "musuem").told


def test_a_chinese_scenario_is_shipped(here: Here) -> None:
    said = [
        each["what"] for each in timeline(here("behavior", "simulate", "kiosk", "--scenario", "kiosk-zh", "--json"))
    ]
    assert any(what.startswith("wave on “") for what in said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "visitor: arrives",
            "visitor: arives",
            ":6: story[0].visitor: 'arives' is not known here; did you mean 'arrives'?",
        ),
        ("at: 1, visitor: arrives", "visitor: arrives", ":6: story[0].at: the key is missing"),
        ("at: 1, visitor: arrives", "at: 1", ":6: story[0]: an event is of one of visitor, operator and script"),
        ("at: 1,", "at: -1,", ":6: story[0].at: "),
        ('text: "几点开门？", ', "", ":7: story[1]: a visitor who types needs words"),
        ("visitor: arrives", "operator: orders, action: dance", ":6: story[0]: there is no action 'dance'"),
        ("scenario: mine", "scenario: mine\nmood: good", ":3: mood: there is no such key"),
    ],
)
def test_a_wrong_scenario_is_told_with_its_line(here: Here, tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(STORY.replace(old, new), "utf-8")
    done = here("behavior", "simulate", "kiosk", "--scenario", path)
    assert done.status == 1
    assert done.told.startswith(f"{path}{said}")
    assert len(done.told.splitlines()) == 1


def test_a_scenario_that_is_not_there_is_told(here: Here) -> None:
    assert "'kiosk'" in here("behavior", "simulate", "kiosk", "--scenario", "kisok").told


# ── replay ──
@pytest.mark.parametrize("name", TREES)
def test_a_session_lived_through_again_with_the_same_tree_is_the_same(here: Here, tmp_path: Path, name: str) -> None:
    record = tmp_path / "session.jsonl"
    assert here("behavior", "simulate", name, "--record", record).status == 0
    told = json.loads(here("behavior", "simulate", name, "--replay", record, "--json").out)
    assert told["differences"] == []
    assert told["same"] > 3


def test_a_designer_sees_what_an_edit_changes(here: Here, tmp_path: Path, mine: Path) -> None:
    record = tmp_path / "session.jsonl"
    here("behavior", "simulate", "kiosk", "--record", record)
    edit(mine, "    - {type: greet, name: greeting}\n", "")
    done = here("behavior", "simulate", mine, "--replay", record)
    assert done.status == 0
    _, was, now, *_ = done.out.splitlines()
    assert "was: greet first_visit (greeting), because: " in was
    assert "now: nothing, because: there is no node 'greeting'" in now


def test_a_file_that_is_no_record_is_told_with_its_line(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"record": 1}\n{"at_s": "noon"}\n')
    done = here("behavior", "simulate", "kiosk", "--replay", path)
    assert done.status == 1
    assert done.told.startswith(f"{path}:2: at_s: ")


def test_a_replay_is_no_scenario(here: Here) -> None:
    both = here("behavior", "simulate", "kiosk", "--replay", "a.jsonl", "--scenario", "b.yaml")
    kept = here("behavior", "simulate", "kiosk", "--replay", "a.jsonl", "--record", "b.jsonl")
    assert (both.status, kept.status) == (2, 2)
