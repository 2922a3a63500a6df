"""`visavis ask`, as a person or a script runs it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any, get_args

import av
import numpy as np
import psutil
import pytest
from desk import COMMAND, ENVIRONMENT, TEAHOUSE, visavis, write_desk

from visavis.words import ACTIONS, RATE, SLOT, Decision, Emotion, Source

HOURS = "We are open from nine to five, every day but Monday."


def assert_shape(answer: dict[str, Any]) -> None:
    """What `ask --json` prints, key by key."""
    assert list(answer) == [
        "text",
        "language",
        "source",
        "decision",
        "match",
        "choices",
        "citations",
        "show",
        "sentences",
        "latency",
    ]
    assert isinstance(answer["text"], str)
    assert answer["source"] in get_args(Source)
    assert answer["decision"] in get_args(Decision)
    if answer["match"] is not None:
        assert set(answer["match"]) == {"id", "score"}
        assert 0 <= answer["match"]["score"] <= 1
    assert all(set(choice) == {"id", "text"} for choice in answer["choices"])
    for sentence in answer["sentences"]:
        assert set(sentence) == {"text", "emotion", "actions"}
        assert sentence["emotion"] in [each.value for each in Emotion]
        assert set(sentence["actions"]) <= {"idle", *ACTIONS}
    latency = answer["latency"]
    assert set(latency) == {"first_av_ms", "stages", "filler_ms"}
    stages = ["endpoint_ms", "transcript_ms", "answer_ms", "voice_ms", "face_ms", "outlet_ms"]
    assert list(latency["stages"]) == stages
    assert sum(latency["stages"].values()) == pytest.approx(latency["first_av_ms"], abs=0.01)
    assert latency["first_av_ms"] > 0


# ── answers ──
def test_an_answer_has_the_documented_shape(desk: Path) -> None:
    done = visavis("ask", "When do you open?", "--config", desk, "--json")
    assert (done.status, done.told) == (0, "")
    answer = done.json
    assert_shape(answer)
    assert (answer["text"], answer["language"]) == (HOURS, "en")
    assert (answer["source"], answer["decision"]) == ("faq", "direct")
    assert answer["match"] == {"id": "opening-hours", "score": 1.0}
    assert answer["show"]["title"] == "Opening hours"
    assert answer["sentences"] == [{"text": HOURS, "emotion": "neutral", "actions": ["nod"]}]


def test_without_json_the_text_alone_is_printed(desk: Path) -> None:
    done = visavis("ask", "-", "--config", desk, stdin=b"  When do you open?\r\n")
    assert (done.status, done.out, done.told) == (0, f"{HOURS}\n", "")


def test_a_knowledge_file_alone_is_enough(tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(TEAHOUSE, "utf-8")
    done = visavis("ask", "几点开门", "--knowledge", "tea.yaml", "--json", cwd=tmp_path)
    assert (done.status, done.told) == (0, "")
    assert_shape(done.json)
    assert (done.json["text"], done.json["language"]) == ("我们上午十点开门。周末开到十一点。", "zh-CN")


def test_a_knowledge_file_is_asked_whatever_the_dialogs_hold(tmp_path: Path) -> None:
    desk = write_desk(tmp_path / "configs")
    (desk / "dialogs" / "museum.yaml").write_text("broken: [", "utf-8")
    done = visavis("ask", "Is there a shop?", "--knowledge", desk / "knowledge" / "museum.yaml", cwd=tmp_path)
    assert done.status == 0
    assert "shop" in done.out or "pass it" in done.out


def test_what_is_known_of_the_visitor_fills_the_answer(tmp_path: Path) -> None:
    ask = '{id: who, ask: ["Who am I?"], say: "You are {name}."}'
    (tmp_path / "who.yaml").write_text(f"knowledge: who\nlanguage: en\nfaq:\n  items:\n    - {ask}\n", "utf-8")
    call = ("ask", "Who am I?", "--knowledge", "who.yaml", "--context")
    assert visavis(*call, '{"name": "Ada"}', cwd=tmp_path).out == "You are Ada.\n"
    for wrong in ("Ada", '["Ada"]', '{"a": {"a": {"a": {"a": {"a": 1}}}}}', '{"a": NaN}'):
        done = visavis(*call, wrong, cwd=tmp_path)
        assert (done.status, done.out, done.told.count("\n")) == (2, "", 1)
        assert "--context" in done.told


def test_a_seed_picks_the_same_wording_every_time(desk: Path) -> None:
    said = [visavis("ask", "Is there a shop?", "--config", desk, "--seed", "-7").out for _ in range(3)]
    assert len(set(said)) == 1


HOSTILE = [
    "x" * 10_000,
    "When\u202e do\u2066 you\x07 open\u200b?\x1b[31m",
    "🦆🏳️‍🌈",
    "…!?.,;—",
    os.fsencode("When do you open?\udcff\udc80"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=["long", "hidden", "emoji", "marks", "bytes"])
def test_any_text_has_an_answer(desk: Path, text: str | bytes) -> None:
    done = visavis("ask", text, "--config", desk, "--json")
    assert (done.status, done.told) == (0, "")
    assert_shape(done.json)
    assert "Traceback" not in done.told


def test_any_bytes_may_come_in(desk: Path) -> None:
    done = visavis("ask", "-", "--config", desk, stdin=b"\xff\xfe\x00 when do you open? \x80")
    assert (done.status, done.told) == (0, "")


# ── films ──
def test_a_film_is_playable_speaks_and_says_what_it_is(desk: Path, tmp_path: Path) -> None:
    path = tmp_path / "reply.mp4"
    done = visavis("ask", "When do you open?", "--config", desk, "--out", path)
    assert (done.status, done.told) == (0, "")
    assert [each.name for each in tmp_path.iterdir()] == ["reply.mp4"]
    with av.open(str(path)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 540, 960)
        assert video.average_rate == 25
        assert audio.codec_context.name == "aac"
        assert file.metadata["synthetic_media"] == "true"
        assert "ynthetic" in file.metadata["comment"]
        pictures = [frame.to_ndarray(format="gray") for frame in file.decode(video)]
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("s16", "mono", RATE)
        sound = np.concatenate(
            [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        ).astype(float)
    seconds = len(sound) / RATE
    assert len(pictures) / 25 == pytest.approx(seconds, abs=0.1)
    assert 2.5 < seconds < 8, "eleven words take three to six seconds"
    loud = np.sqrt(np.mean(np.square(sound.reshape(-1)[: len(sound) // SLOT * SLOT].reshape(-1, SLOT)), axis=1))
    level = 20 * np.log10(np.percentile(loud, 80) / 32768)
    assert -35 < level < -10
    speaking = [n for n in range(1, len(pictures)) if n < len(loud) and loud[n] > 300]
    moved = [np.abs(pictures[n].astype(int) - pictures[n - 1]).max() > 12 for n in speaking]
    assert np.mean(moved) > 0.8


def test_a_film_that_cannot_be_written_is_told_at_once_and_leaves_nothing(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    for out in (tmp_path / "none" / "reply.mp4", tmp_path / "folder.mp4"):
        done = visavis("ask", "hello", "--config", desk, "--out", out)
        assert (done.status, done.out) == (1, "")
        assert len(done.told.splitlines()) == 1
        assert str(out) in done.told
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder.mp4"]


def test_a_folder_that_takes_no_files_is_told_in_one_line(desk: Path) -> None:
    done = visavis("ask", "hello", "--config", desk, "--out", "/proc/reply.mp4")
    assert (done.status, done.out) == (1, "")
    assert len(done.told.splitlines()) == 1
    assert "/proc" in done.told


# ── ends ──
@pytest.mark.parametrize("group", [True, False])
def test_an_interrupt_ends_it_and_all_it_started(desk: Path, tmp_path: Path, group: bool) -> None:
    out = tmp_path / "reply.mp4"
    line = [*COMMAND, "ask", "Tell me of everything. " * 80, "--config", str(desk), "--out", str(out)]
    running = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, start_new_session=True, text=True
    )
    process = psutil.Process(running.pid)
    while not (family := process.children(recursive=True)):
        assert running.poll() is None
    (os.killpg if group else os.kill)(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode == 130
    assert told == ""
    psutil.wait_procs(family, timeout=10)
    assert [each for each in family if each.is_running()] == []
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_gone_is_no_trouble(desk: Path) -> None:
    line = [*COMMAND, "ask", "hello", "--config", str(desk), "--json"]
    running = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(30) == 1
