"""What a dialog's file may say of hearing, and that each mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.hearing.turn_end import TURN
from runtime.settings import Asr, Installation
from visavis.errors import ConfigError


def asr(folder: Path, written: str) -> Asr:
    (folder / "dialogs").mkdir(exist_ok=True)
    (folder / "dialogs" / "desk.yaml").write_text(f"dialog: desk\nknowledge: [desk]\nasr:\n{written}", "utf-8")
    found = Installation(folder).dialog("desk").asr
    assert found is not None
    return found


def test_a_dialog_may_name_the_engine_alone(tmp_path: Path) -> None:
    found = asr(tmp_path, "  engine: pocketsphinx\n  capacity: 3\n")
    assert (found.turn, found.mode, found.interrupt) == (TURN, "hands_free", "at_once")
    assert found.options == {"capacity": 3}, "the other keys are the engine's"


def test_everything_can_be_set(tmp_path: Path) -> None:
    found = asr(
        tmp_path,
        "  engine: whisper\n  turn: [smart-turn, vad]\n  mode: wake\n  wake: [hey mia, 你好小青]\n  awake_s: 20\n"
        "  interrupt: sentence\n  endpointing: {silence_s: 0.6, finished: 0.7}\n",
    )
    assert found.turn == ("smart-turn", "vad")
    assert (found.mode, found.wake, found.awake_s) == ("wake", ("hey mia", "你好小青"), 20)
    assert (found.endpointing.silence_s, found.endpointing.finished, found.interrupt) == (0.6, 0.7, "sentence")
    assert found.options == {}


@pytest.mark.parametrize(
    ("written", "line", "says"),
    [
        ("  turn: [psychic]\n", 5, "psychic"),
        ("  turn: []\n", 5, "turn"),
        ("  turn: [vad, vad]\n", 5, "asr.turn: .*twice"),
        ("  mode: wake\n", 5, "asr.mode: .*phrases"),
        ("  wake: ['?!']\n", 5, "wake"),
        ("  wake: ['__']\n", 5, "wake.*nothing that can be called"),
        ("  wake: [x]\n", 5, "wake.*two letters"),
        ("  endpointing: {finished: 0.3}\n", 5, "finished"),
        ("  endpointing: {pause_s: 5}\n", 5, "pause_s.*longest_silence_s"),
        ("  interrupt: rudely\n", 5, "at_once"),
        ("  endpointing: {silence_s: 60}\n", 5, "silence_s"),
        ("  endpointing: {silense_s: 0.6}\n", 5, "silense_s"),
        ("  endpointing: {held_s: 3}\n", 5, "longest_silence_s"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, written: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        asr(tmp_path, "  engine: pocketsphinx\n" + written)
    assert caught.value.line == line
