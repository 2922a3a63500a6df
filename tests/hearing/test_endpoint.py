"""Begin, pause and end of voice, chunk by chunk (32 ms each)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.hearing.endpoint import Edge, Endpoint
from runtime.hearing.turn_end import Endpointing
from visavis.vad import CHUNK, VAD_RATE

EXACT = Endpointing(release_s=0.0, silence_s=0.42)


def feed(endpoint: Endpoint, *runs: tuple[float, int]) -> list[tuple[int, Edge]]:
    """Runs of (probability, chunks); each edge with the number of the chunk that made it."""
    edges: list[tuple[int, Edge]] = []
    for probability, chunks in runs:
        for _ in range(chunks):
            edges += [(endpoint.position // CHUNK - 1, edge) for edge in endpoint.chunk(probability)]
    return edges


def asks(endpoint: Endpoint, words: str) -> None:
    """These words are known to be a question."""
    endpoint.understood(words)
    endpoint.match, endpoint.known = 1.0, True


def test_voice_begins_after_three_chunks_and_its_beginning_is_the_first() -> None:
    endpoint = Endpoint(EXACT)
    assert feed(endpoint, (0.1, 10), (0.9, 3)) == [(12, "began")]
    assert endpoint.began == 10 * CHUNK


def test_two_chunks_are_not_enough() -> None:
    assert feed(Endpoint(EXACT), (0.9, 2), (0.1, 5), (0.9, 2), (0.1, 5)) == []


def test_a_weaker_voice_goes_on_but_does_not_begin() -> None:
    assert feed(Endpoint(EXACT), (0.4, 20)) == []
    assert feed(Endpoint(EXACT), (0.6, 3), (0.4, 40)) == [(2, "began")]


def test_the_turn_passes_after_the_silence_and_ends_with_the_last_voice() -> None:
    endpoint = Endpoint(EXACT)
    edges = feed(endpoint, (0.9, 10), (0.0, 20))
    assert edges == [(2, "began"), (14, "paused"), (23, "ended")]
    assert endpoint.ended == 10 * CHUNK
    assert not endpoint.active


def test_coming_back_within_the_silence_is_the_same_utterance() -> None:
    edges = feed(Endpoint(EXACT), (0.9, 10), (0.0, 10), (0.9, 5), (0.0, 20))
    assert [edge for _, edge in edges] == ["began", "paused", "resumed", "paused", "ended"]


def test_the_detectors_delay_is_taken_off_the_end() -> None:
    endpoint = Endpoint(Endpointing(release_s=0.064))
    feed(endpoint, (0.9, 10))
    assert endpoint.ended == 8 * CHUNK


def test_a_match_shortens_the_wait_and_only_while_it_is_the_words() -> None:
    endpoint = Endpoint(EXACT)
    asks(endpoint, "where is the exit")
    feed(endpoint, (0.9, 10))
    asks(endpoint, "where is the exit")
    assert feed(endpoint, (0.0, 20))[-1] == (19, "ended")


def test_what_is_not_among_the_strategies_shortens_nothing() -> None:
    endpoint = Endpoint(EXACT, turn=["vad"])
    feed(endpoint, (0.9, 10))
    asks(endpoint, "where is the exit")
    assert feed(endpoint, (0.0, 20))[-1] == (23, "ended")


def test_a_verdict_is_of_its_pause_alone() -> None:
    endpoint = Endpoint(EXACT, turn=["smart-turn", "vad"])
    feed(endpoint, (0.9, 10), (0.0, 6))
    endpoint.verdict = 0.9
    feed(endpoint, (0.9, 4))
    assert endpoint.verdict is None


def test_pauses_inside_an_utterance_are_learned() -> None:
    endpoint = Endpoint(EXACT)
    feed(endpoint, (0.9, 10), (0.0, 10), (0.9, 5))
    endpoint.pace.ended()
    assert endpoint.pace.pause_s == pytest.approx(0.32)


def test_an_endless_voice_is_cut_and_begins_again() -> None:
    edges = feed(Endpoint(EXACT), (0.9, 1300))
    assert [edge for _, edge in edges] == ["began", "overlong"] * 2 + ["began"]
    assert edges[1][0] * CHUNK / VAD_RATE == pytest.approx(20, abs=0.1)


def test_a_press_overrides_silence() -> None:
    endpoint = Endpoint(EXACT)
    endpoint.hands_free = False
    assert feed(endpoint, (0.9, 10)) == []
    assert endpoint.press()
    assert feed(endpoint, (0.9, 1), (0.0, 60), (0.9, 1)) == [(10, "began"), (15, "paused"), (71, "resumed")]
    assert endpoint.release()
    assert not endpoint.active


def test_lost_samples_pass_as_silence() -> None:
    endpoint = Endpoint(EXACT)
    feed(endpoint, (0.9, 10))
    endpoint.skip(20 * CHUNK)
    assert feed(endpoint, (0.0, 1)) == [(30, "ended")]


@given(st.lists(st.floats(0, 1), max_size=300), st.booleans())
def test_edges_always_come_in_order(probabilities: list[float], hands_free: bool) -> None:
    endpoint = Endpoint()
    endpoint.hands_free = hands_free
    state = "quiet"
    allowed = {
        "quiet": {"began": "voice"},
        "voice": {"paused": "paused", "ended": "quiet", "overlong": "quiet"},
        "paused": {"resumed": "voice", "ended": "quiet", "overlong": "quiet"},
    }
    for probability in probabilities:
        for edge in endpoint.chunk(probability):
            state = allowed[state][edge]
        assert endpoint.active == (state != "quiet")
        assert endpoint.began <= endpoint.ended <= endpoint.position
