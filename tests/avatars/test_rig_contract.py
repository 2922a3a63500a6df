"""The built-in presenter keeps the renderer contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatars.package import BUILT_IN, available
from avatars.renderers.rig import RigRenderer
from visavis.contracts.renderer import (
    check_actions,
    check_any_moment,
    check_closure,
    check_emotions,
    check_fills_the_buffer,
    check_label,
    check_mouth,
    check_transparency,
)
from visavis.engines import Look, Renderer, engine

CHECKS = (
    check_actions, check_any_moment, check_closure, check_emotions,
    check_fills_the_buffer, check_label, check_mouth, check_transparency,
)  # fmt: skip
FOLDERS = [each.folder for each in available(BUILT_IN / "nowhere") if each.renderer == "rig"]


def test_it_is_found_by_its_name() -> None:
    assert engine("renderer", "rig") is RigRenderer


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_keeps_the_contract(folder: Path, check: object) -> None:
    assert callable(check)

    def make(look: Look) -> Renderer:
        return RigRenderer(folder, look)

    check(make, Look(270, 480))


@pytest.mark.parametrize("size", [(360, 640), (1280, 720), (96, 96)])
def test_it_draws_any_size(size: tuple[int, int]) -> None:
    look = Look(*size, label="AI 生成")
    check_fills_the_buffer(lambda each: RigRenderer(FOLDERS[0], each), look)
