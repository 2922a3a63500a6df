"""What a tree's file may say, and how it is refused when it says something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from py_trees.common import Status

from behaviors.fakes import FakeBody
from behaviors.leaves.leaf import Leaf
from behaviors.tree import Behavior
from behaviors.trees import registry, schema
from behaviors.trees.loading import Tree, available, checked, load_tree, shipped
from behaviors.trees.schema import walk
from visavis.config import parsed
from visavis.errors import ConfigError, SetupError

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs" / "behaviors"
HEAD = "tree: test\nroot:\n  type: selector\n  name: all\n  memory: false\n  children:\n    - {type: reply}\n"


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as refusal:
        checked(parsed(Path("test.yaml"), text.encode()))
    return str(refusal.value)


@pytest.mark.parametrize(
    ("line", "key", "told"),
    [
        ("{type: lissten}", "children[1].type", "there is no type 'lissten'; did you mean 'listen'?"),
        ("{name: listening}", "children[1].type", "the key is missing; add `type: …`"),
        ("{type: listen, parameters: {linger_s: soon}}", "parameters.linger_s", "'soon' is not a number"),
        ("{type: listen, parameters: {linger_s: -1}}", "parameters.linger_s", "greater than or equal to 0"),
        ("{type: listen, parameters: {lingers_s: 1}}", "parameters.lingers_s", "did you mean 'linger_s'?"),
        ("{type: listen, memory: true}", "memory", "there is no such key"),
        ("{type: listen, children: [{type: idle}]}", "children", "there is no such key; use one of: name, parameters"),
        ("{type: obey}", "parameters", "the key is missing"),
        ("{type: obey, parameters: {urgency: soon}}", "parameters.urgency", "use one of: now, next, idle"),
        ("{type: when, parameters: {}}", "parameters", "it asks for nothing"),
        ("{type: when, parameters: {present: yes}}", "parameters.present", "write true or false"),
        ("{type: idle, parameters: {actions: {jump: 1}}}", "parameters.actions", "there is no action 'jump'"),
        ("{type: idle, parameters: {every_s: [9, 3]}}", "parameters.every_s", "9 is more than 3"),
        ("{type: timeout, parameters: {seconds: 3}}", "children", "the key is missing"),
        ("{type: invert, children: []}", "children", "it holds one node, not 0"),
        ("{type: invert, children: [{type: idle}, {type: idle}]}", "children", "it holds one node, not 2"),
        ("{type: sequence, memory: true, children: []}", "children", "it holds no node; add one"),
        ("{type: sequence, memory: true}", "children", "the key is missing"),
        ("{type: sequence, children: [{type: idle}]}", "memory", "the key is missing; add `memory: …`"),
        ("&a {type: invert, children: [*a]}", "children", "what is marked &a would hold itself"),
        ("reply", "type", "the key is missing"),
        ("", "type", "the key is missing"),
    ],
)
def test_a_node_that_cannot_be_is_refused_with_its_line(line: str, key: str, told: str) -> None:
    message = refused(f"{HEAD}    - {line}\n")
    assert message.startswith("test.yaml:8: root.children[1]")
    assert f"{key}: " in message or f"{key}[0]: " in message or f"{key}." in message
    assert told in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "test.yaml:1: the file is empty; begin with `tree: …`"),
        ("tree: test\n", "root: the key is missing"),
        ("tree: other\nroot: {type: idle}\n", "test.yaml:1: tree: 'other' is in a file named test.yaml; write 'test'"),
        ("tree: test\nroot: " + "{type: invert, children: [" * 12 + "{type: idle}" + "]}" * 12, "more than 12 nodes"),
        ("tree: test\nroot: " + "{type: invert, children: [" * 60 + "{type: idle}" + "]}" * 60, "deeper than 32"),
        ("tree: test\nroot: {type: selector, memory: true, children: [" + "{type: idle}," * 61 + "]}",
         "it holds 61 nodes, more than 60"),
        ("tree: test\nroot: {type: selector, memory: true, children: ["
         + ("{type: selector, memory: true, children: [" + "{type: idle}," * 50 + "]},") * 4 + "]}",
         "the tree has more than 200 nodes"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_refused(text: str, told: str) -> None:
    assert told in refused(text)


def test_a_file_that_is_too_large_is_refused_before_it_is_read_as_a_tree(tmp_path: Path) -> None:
    (tmp_path / "kiosk.yaml").write_text("tree: kiosk\n" + "#" * 300_000)
    with pytest.raises(ConfigError, match="larger than 262,144 bytes"):
        load_tree("kiosk", tmp_path)


def test_every_type_may_stand_with_its_least() -> None:
    """What a file leaves out has a default; what it must say is said here."""
    needed = {
        "obey": "parameters: {urgency: next}", "when": "parameters: {present: true}",
        "act": "parameters: {action: wave}", "look": "parameters: {at: away}", "wait": "parameters: {seconds: 1}",
        "timeout": "parameters: {seconds: 1}", "cooldown": "parameters: {seconds: 1}",
        "selector": "memory: true", "sequence": "memory: false",
    }  # fmt: skip
    holds = {"selector", "sequence", "parallel", "invert", "optional", "timeout", "cooldown"}
    for name in registry.built_in():
        inside = "children: [{type: wait, parameters: {seconds: 1}}]" if name in holds else ""
        root = ", ".join(each for each in (f"type: {name}", needed.get(name, ""), inside) if each)
        tree = checked(parsed(Path("test.yaml"), f"tree: test\nroot: {{{root}}}\n".encode()))
        behavior = Behavior(FakeBody(), newest=lambda tree=tree: tree)
        behavior.tick()
        assert not behavior.failed
        assert behavior.snapshot()["root"]["type"] == name
        behavior.close()


def test_the_shipped_trees_are_found_without_a_folder_and_are_those_of_the_configuration() -> None:
    assert shipped() == ["kiosk", "live", "widget"] == sorted(path.stem for path in CONFIGS.glob("*.yaml"))
    for name in shipped():
        assert load_tree(name) == load_tree(name, CONFIGS)
        packed = ROOT / "behaviors" / "data" / "trees" / f"{name}.yaml"
        assert packed.read_bytes() == (CONFIGS / f"{name}.yaml").read_bytes(), "run `make schemas`"


def test_a_file_of_the_configuration_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "kiosk.yaml").write_text("tree: kiosk\nroot: {type: idle}\n")
    assert load_tree("kiosk", tmp_path).root.type == "idle"
    assert load_tree("widget", tmp_path) == load_tree("widget")
    assert load_tree("widget", tmp_path / "nowhere") == load_tree("widget")
    assert available(tmp_path) == ["kiosk", "live", "widget"]


def test_a_tree_that_is_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "bar.yaml").write_text("tree: bar\nroot: {type: idle}\n")
    with pytest.raises(SetupError, match="no behaviour tree named 'kiosc'; did you mean 'kiosk'"):
        load_tree("kiosc", tmp_path)
    with pytest.raises(SetupError, match="use one of: bar, kiosk, live, widget"):
        load_tree("../../secret", tmp_path)


def test_trees_of_which_only_comments_differ_are_equal(edited: Callable[..., Tree]) -> None:
    assert edited("kiosk", ("# Somebody speaks", "# Anybody speaks")) == load_tree("kiosk")
    assert edited("kiosk", ("linger_s: 0.6", "linger_s: 0.7")) != load_tree("kiosk")


def test_the_same_branch_may_stand_twice_by_an_alias() -> None:
    text = f"{HEAD}    - &later {{type: listen, parameters: {{linger_s: 3}}}}\n    - *later\n"
    tree = checked(parsed(Path("test.yaml"), text.encode()))
    assert [node.type for _, node, _ in walk(tree.root)] == ["selector", "reply", "listen", "listen"]
    behavior = Behavior(FakeBody(), newest=lambda: tree)
    behavior.tick()


class Bow(Leaf):
    """A leaf of somebody else's package."""

    def update(self) -> Status:
        return self.go_on("it bows")


class _Point:
    def __init__(self, name: str, found: object) -> None:
        self.name, self.value, self._found = name, f"theirs:{name}", found

    def load(self) -> object:
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that brings a leaf, another one that cannot be loaded, and something that is no leaf."""
    points = [_Point("bow", Bow), _Point("broken", ImportError("it lacks a library")), _Point("odd", dict)]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    registry.kinds.cache_clear()
    schema.tree_file.cache_clear()
    yield
    registry.kinds.cache_clear()
    schema.tree_file.cache_clear()


def test_a_package_may_bring_leaves(
    installed: None, planted: Callable[[str], Tree], caplog: pytest.LogCaptureFixture
) -> None:
    tree = planted("{type: bow, name: a bow}")
    behavior = Behavior(FakeBody(), newest=lambda: tree)
    behavior.tick()
    root = behavior.snapshot()["root"]
    assert (root["status"], root["why"]) == ("RUNNING", "it bows")
    assert "it lacks a library" in caplog.text
    assert "no subclass" in caplog.text
    assert "there is no type 'broken'" in refused("tree: test\nroot: {type: broken}\n")


def test_the_page_for_designers_names_every_type_with_its_parameters() -> None:
    page = (ROOT / "docs" / "behavior.md").read_text("utf-8")
    shared = {"silent_s", "timeout_s"}
    for name, kind in registry.built_in().items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}`")]
        parameters = kind.Parameters.model_fields if hasattr(kind, "Parameters") else {}
        assert ("●" in row) is (shared <= set(parameters)), name
        for each, field in parameters.items():
            assert each in shared or f"`{each}`" in row, f"{name}: {each}"
            if isinstance(field.default, float):
                assert f"{field.default:g}" in page, f"{name}: {each}"


def test_the_habit_on_the_page_can_be_put_into_the_kiosk(edited: Callable[..., Tree]) -> None:
    page = (ROOT / "docs" / "behavior.md").read_text("utf-8")
    (habit,) = [each for each in page.split("```") if "beckon" in each and each.startswith("yaml")]
    tree = edited(
        "kiosk", ("    # Nothing is to be done", habit.removeprefix("yaml\n") + "    # Nothing is to be done")
    )
    body = FakeBody()
    behavior = Behavior(body, newest=lambda: tree)
    body.present = True
    for _ in range(400):
        body.advance(0.5)
        behavior.tick()
    assert [at for at, what in body.log if what == "act welcome_both"] == [30.0, 151.0]
