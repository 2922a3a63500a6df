"""What a client may send, and the clear word that it gets for everything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.server.client_events import ItemCreate, SessionUpdate, parse
from visavis.errors import ClientError


def code(text: str) -> str:
    with pytest.raises(ClientError) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "invalid_json"),
        ("[" * 100_000, "invalid_json"),
        ("[]", "invalid_event"),
        ("{}", "invalid_event"),
        ('{"type": 5}', "invalid_event"),
        ('{"type": "make.coffee"}', "unknown_event"),
        ('{"type": "input_audio_buffer.append"}', "missing_required_parameter"),
        ('{"type": "avatar.played", "item_id": "x", "audio_ms": -1}', "invalid_value"),
        ('{"type": "avatar.played", "item_id": "x", "audio_ms": NaN}', "invalid_value"),
        ('{"type": "avatar.speak"}', "missing_required_parameter"),
        ('{"type": "avatar.speak", "text": "Hello.", "urgency": "soon"}', "invalid_value"),
        ('{"type": "avatar.speak", "text": "' + "a" * 2_001 + '"}', "string_above_max_length"),
        ('{"type": "avatar.action", "name": "backflip"}', "invalid_value"),
        ('{"type": "avatar.background", "colour": "url(https://elsewhere.example)"}', "invalid_value"),
        ('{"type": "avatar.card", "title": "a", "link": "javascript:alert(1)"}', "invalid_value"),
        ('{"type": "avatar.mute", "muted": "no"}', "invalid_value"),
        ('{"type": "avatar.feedback"}', "missing_required_parameter"),
        ('{"type": "avatar.feedback", "like": 1}', "invalid_value"),
        ('{"type": "avatar.feedback", "like": true, "turn": 0}', "invalid_value"),
        ('{"type": "avatar.takeover", "taken": true}', "unknown_event"),
        ('{"type": "session.update", "session": {"avatar": {"video": "mpeg2"}}}', "invalid_value"),
        ('{"type": "session.update", "session": {"avatar": {"vidoe": "h264"}}}', "invalid_value"),
        ('{"type": "session.update", "session": {"audio": {"input": {"format": {"rate": 8000}}}}}', "invalid_value"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(text: str, expected: str) -> None:
    assert code(text) == expected


def test_a_text_of_10_000_characters_is_refused_whole() -> None:
    content = [{"type": "input_text", "text": "a" * 10_000}]
    event = {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": content}}
    assert code(json.dumps(event)) == "string_above_max_length"


def test_the_event_id_of_a_bad_event_comes_back() -> None:
    with pytest.raises(ClientError) as caught:
        parse('{"type": "nothing", "event_id": "mine"}')
    assert caught.value.event_id == "mine"


def test_what_the_standard_client_sends_besides_is_let_through() -> None:
    session = {"type": "realtime", "instructions": "Be nice.", "voice": "alloy", "tools": [], "temperature": 0.8}
    event = parse(json.dumps({"type": "session.update", "session": session}))
    assert isinstance(event, SessionUpdate)
    assert event.session.avatar is None
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}], "object": "x"}
    assert isinstance(parse(json.dumps({"type": "conversation.item.create", "item": item})), ItemCreate)


def test_the_avatar_may_stand_in_the_session_or_beside_it() -> None:
    inside = parse('{"type": "session.update", "session": {"avatar": {"video": "vp8", "input_rate": 16000}}}')
    beside = parse('{"type": "session.update", "avatar": {"video": "vp8", "input_rate": 16000}}')
    assert isinstance(inside, SessionUpdate)
    assert isinstance(beside, SessionUpdate)
    assert inside.session.avatar == beside.avatar


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_no_json_raises_anything_but_a_client_error(value: object) -> None:
    for kind in ("session.update", "conversation.item.create", "response.create", "avatar.presence"):
        event = {**value, "type": kind} if isinstance(value, dict) else {"type": kind, "session": value, "item": value}
        try:
            parse(json.dumps(event))
        except ClientError as error:
            assert str(error)  # noqa: PT017
