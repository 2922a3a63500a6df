"""Results that are kept are made anew when the code behind them changes."""

from __future__ import annotations

from pathlib import Path

import pytest

import avatars.voices
import knowledge
import runtime.hearing
from avatars.voices import espeak
from knowledge import minilm, ngrams, told
from runtime.hearing import language_model
from visavis.recipe import recipe

KEPT = {
    "voice": (Path(avatars.voices.__path__[0]), espeak.MODULES),
    "ngrams": (Path(knowledge.__path__[0]), ngrams.MODULES),
    "hearing": (Path(runtime.hearing.__path__[0]), language_model.MODULES),
    "told": (Path(knowledge.__path__[0]), told.MODULES),
    "minilm": (Path(knowledge.__path__[0]), minilm.MODULES),
}


@pytest.mark.parametrize("kept", KEPT)
def test_every_module_behind_a_result_counts(kept: str, tmp_path: Path) -> None:
    folder, modules = KEPT[kept]
    for module in modules:
        (tmp_path / f"{module}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"{module}.py").write_bytes((folder / f"{module}.py").read_bytes())
    assert recipe(tmp_path, modules) == recipe(folder, modules)
    for module in modules:
        before = recipe(tmp_path, modules)
        (tmp_path / f"{module}.py").write_bytes(b"# otherwise")
        assert recipe(tmp_path, modules) != before
