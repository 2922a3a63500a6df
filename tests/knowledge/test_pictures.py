"""The pictures that cards show, and no other file, can be asked for."""

from __future__ import annotations

from pathlib import Path

from knowledge.knowledge import Knowledge
from visavis.engines import Context
from visavis.fakes.embedder import FakeEmbedder
from visavis.fakes.launcher import InlineLauncher

LIBRARY = """
knowledge: house
language: en
faq:
  items:
    - {id: hours, ask: [When do you open?], say: At nine., show: {title: Hours, image: media/hours.svg}}
keywords:
  items:
    - {id: toilet, any: [toilet], say: Over there., show: {title: Plan, image: plan.svg}}
"""


async def test_pictures_are_those_that_cards_name(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    for name in ("media/hours.svg", "plan.svg", "secret.svg"):
        (tmp_path / name).write_text("<svg/>")
    (tmp_path / "house.yaml").write_text(LIBRARY)
    context = Context("en", InlineLauncher(), tmp_path / "cache")
    knowledge = await Knowledge.open(["house"], tmp_path, context, FakeEmbedder())
    assert knowledge.pictures() == {
        "media/hours.svg": tmp_path / "media/hours.svg",
        "plan.svg": tmp_path / "plan.svg",
    }
