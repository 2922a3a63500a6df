"""A latency record's stages add up, whatever was marked and in whichever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.latency import STAGES, LatencyRecord


@given(st.floats(0, 1e4), st.lists(st.tuples(st.sampled_from(STAGES), st.floats(0, 1e4)), max_size=12))
def test_the_stages_add_up_to_first_av_and_none_is_negative(t0: float, marks: list[tuple[str, float]]) -> None:
    record = LatencyRecord(t0)
    for stage, now in marks:
        record.mark(stage, now)  # type: ignore[arg-type]
    assert list(record.stages) == [f"{stage}_ms" for stage in STAGES]
    assert all(spent >= 0 for spent in record.stages.values())
    assert sum(record.stages.values()) == pytest.approx(record.first_av_ms)


def test_marks_in_order_give_each_stage_its_own_time() -> None:
    record = LatencyRecord(10.0)
    for index, stage in enumerate(STAGES, start=1):
        record.mark(stage, 10.0 + index / 100)
    assert record.stages == {f"{stage}_ms": pytest.approx(10.0) for stage in STAGES}
    assert record.first_av_ms == pytest.approx(60.0)
    assert record.complete


def test_only_the_first_mark_of_a_stage_counts() -> None:
    record = LatencyRecord(0.0)
    record.mark("answer", 1.0)
    record.mark("answer", 2.0)
    assert record.stages["answer_ms"] == 1000.0
