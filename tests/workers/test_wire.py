"""Frames survive any cutting of the byte stream; garbage is refused, never obeyed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.workers.wire import LIMIT, Op, Parser, WireError, pack

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
frames = st.lists(st.tuples(st.sampled_from(Op), st.integers(0, 2**31), values), max_size=6)


@given(frames, st.lists(st.integers(1, 40)))
def test_frames_come_out_whole_however_they_are_cut(sent: list[tuple[Op, int, Any]], cuts: list[int]) -> None:
    data = b"".join(pack(*frame) for frame in sent)
    parser, got = Parser(), []
    for cut in [*cuts, len(data)]:
        got += list(parser.feed(data[:cut]))
        data = data[cut:]
    assert got == sent


@given(st.binary(max_size=400))
def test_garbage_is_an_error_of_its_own(data: bytes) -> None:
    parser = Parser()
    try:
        got = list(parser.feed(data))
    except WireError:
        return
    assert all(isinstance(op, Op) for op, _, _ in got)


def test_what_is_too_long_or_cannot_be_carried_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="over the limit"):
        pack(Op.APPEND, 1, bytes(LIMIT))
    with pytest.raises(TypeError):
        pack(Op.APPEND, 1, object())
    with pytest.raises(WireError, match="over the limit"):
        list(Parser().feed(b"\xff\xff\xff\xff"))


def test_the_server_s_side_loads_no_coder() -> None:
    names = "runtime.face, runtime.outlets.file, runtime.outlets.wav, runtime.workers.pool, runtime.bench.face"
    script = f"import {names}, sys; print(sorted({{'av', 'cv2', 'skia'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
