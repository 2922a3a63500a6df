"""What is written for a client, as pure data: no socket, no time."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from runtime import events as e
from runtime.outlets.scribe import Scribe, picture_message
from visavis.words import Card, Choice, Frame, Packet, Sentence, TimedViseme, TimedWord, Utterance, Viseme

SLOT = 960


def frame(turn: int = 1, pts: int = 0, **more: Any) -> Frame:
    return Frame(pts, turn, np.arange(SLOT, dtype=np.int16), **more)


def scribe(*, avatar: bool = False) -> Scribe:
    made = Scribe("/media/museum")
    made.wishes.avatar = avatar
    return made


def kinds(messages: Any) -> list[str]:
    return [message["type"] for message in messages]


def answer(writer: Scribe, *, status: str = "completed") -> list[dict[str, Any]]:
    """A turn of two sentences with one frame each."""
    messages: list[dict[str, Any]] = []
    messages += writer.write(e.TurnOpened(1, "reply"))
    for text in ("Yes.", "Come in!"):
        messages += writer.write(e.SentenceStarted(1, Sentence(text)))
        messages += writer.speech(frame())
    messages += writer.write(e.TurnEnded(1, status, "Yes."))
    return messages


def test_a_picture_has_a_head_of_20_bytes() -> None:
    message = picture_message(Packet(b"coded", True, "vp8"), 7, 1_000_000 * SLOT, alpha=True)
    assert message == b"VV\x01\x07" + b"\x07\0\0\0" + (960_000_000).to_bytes(8, "little") + b"\x05\0\0\0" + b"coded"
    assert picture_message(Packet(b"", False, "h264"), 0, 0)[3] == 0


def test_a_turn_is_a_response_with_one_item() -> None:
    messages = answer(scribe())
    assert kinds(messages) == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    assert messages[9]["transcript"] == "Yes. Come in!"
    assert base64.b64decode(messages[5]["delta"]) == np.arange(SLOT, dtype="<i2").tobytes()
    assert messages[5].keys() & {"pts", "turn"} == set()
    numbers = [message["event_id"] for message in messages]
    assert len(set(numbers)) == len(numbers)


def test_chinese_sentences_are_not_parted_by_a_space() -> None:
    writer = scribe()
    messages = [*writer.write(e.TurnOpened(1, "reply"))]
    for text in ("早上好。", "Welcome!", "请进。", "九点开门。"):
        messages += writer.write(e.SentenceStarted(1, Sentence(text)))
    messages += writer.write(e.TurnEnded(1, "completed", ""))
    deltas = [each["delta"] for each in messages if each["type"].endswith("transcript.delta")]
    (whole,) = [each["transcript"] for each in messages if each["type"].endswith("transcript.done")]
    assert "".join(deltas) == whole == "早上好。Welcome!请进。九点开门。"


def test_text_alone_has_no_sound_in_it() -> None:
    writer = scribe()
    writer.wishes.audio = False
    messages = answer(writer)
    assert not [kind for kind in kinds(messages) if "audio" in kind]
    assert messages[-1]["response"]["output"][0]["content"] == [{"type": "output_text", "text": "Yes. Come in!"}]


def test_a_response_ends_as_it_began() -> None:
    writer = scribe()
    list(writer.write(e.TurnOpened(1, "reply")))
    writer.wishes.audio = False
    ended = list(writer.write(e.TurnEnded(1, "completed", "")))
    assert ended[0]["type"] == "response.output_audio.done"
    assert ended[-1]["response"]["output_modalities"] == ["audio"]


def test_why_a_response_ended() -> None:
    by_voice = answer(scribe(), status="cancelled")[-1]["response"]
    assert by_voice["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    writer = scribe()
    with writer.by_client():
        by_client = answer(writer, status="cancelled")[-1]["response"]
    assert by_client["status_details"]["reason"] == "client_cancelled"
    assert by_client["output"][0]["status"] == "incomplete"
    writer = scribe()
    list(writer.write(e.TurnOpened(1, "reply")))
    failed = list(writer.write(e.TurnEnded(1, "failed", "", "the voice failed")))[-1]["response"]
    assert failed["status_details"]["error"]["message"] == "the voice failed"


def test_a_stale_turn_is_not_written() -> None:
    writer = scribe(avatar=True)
    list(writer.write(e.TurnOpened(2, "reply")))
    assert not list(writer.speech(frame(turn=1)))
    assert not list(writer.write(e.SentenceStarted(1, Sentence("Old."))))
    assert not list(writer.write(e.TurnEnded(1, "cancelled", "")))
    assert writer.active is not None


CARD = Card("T", "t", "a b.png", "https://x.example", "https://x.example/v.mp4", "s.mp3")
OURS: list[e.Event] = [
    e.MoodChanged("thinking"),
    e.ReplyFound(1, "faq", "direct", None, (Choice("a", "A?"),), CARD),
    e.ActionStarted(1, "nod", SLOT),
    e.LatencyKnown(1, 12.34567, {"answer_ms": 12.34567}),
    e.HearingFailed("no recogniser"),
    e.HearingMended(),
]


def test_nothing_of_ours_is_written_for_a_plain_client() -> None:
    plain, ours = scribe(), scribe(avatar=True)
    assert [list(plain.write(event)) for event in OURS] == [[]] * len(OURS)
    assert list(plain.clear(1, 120)) == []
    written = [message for event in OURS for message in ours.write(event)]
    assert kinds(written) == [
        f"avatar.{k}" for k in ("state", "card", "choices", "action", "latency", "hearing", "hearing")
    ]
    assert [message["available"] for message in written[-2:]] == [False, True]
    assert written[1]["image"] == "/media/museum/a%20b.png"
    assert (written[1]["video"], written[1]["audio"]) == ("https://x.example/v.mp4", "/media/museum/s.mp3")
    assert written[2]["choices"] == [{"id": "a", "text": "A?"}]
    assert kinds(ours.clear(1, 120)) == ["avatar.clear"]


def test_sound_says_where_it_lies_and_what_is_seen_with_it() -> None:
    writer = scribe(avatar=True)
    list(writer.write(e.TurnOpened(1, "reply")))
    spoken = frame(
        pts=5 * SLOT,
        visemes=(TimedViseme(5 * SLOT, Viseme.AA),),
        words=(TimedWord(5 * SLOT, 6 * SLOT, "Yes", 0),),
    )
    delta, visemes, words = writer.speech(spoken)
    assert (delta["pts"], delta["turn"]) == (5 * SLOT, 1)
    assert visemes["visemes"] == [[5 * SLOT, "aa"]]
    assert words["words"] == [[5 * SLOT, 6 * SLOT, "Yes"]]
    assert words["item_id"] == delta["item_id"]


# ── hearing ──
def test_what_was_heard_is_one_item() -> None:
    writer = scribe()
    writer.audio_began_s = 100.0
    messages = [
        *writer.write(e.VoiceStarted(100.5)),
        *writer.write(e.PartialTranscript("when")),
        *writer.write(e.PartialTranscript("when do")),
        *writer.write(e.PartialTranscript("then you")),
        *writer.write(e.VoiceStopped(101.25)),
        *writer.write(e.UtteranceHeard(Utterance("When do you open?", "en", "voice", 100.5, 101.25))),
    ]
    assert len({message.get("item_id") or message["item"]["id"] for message in messages}) == 1
    assert messages[0]["audio_start_ms"] == 500
    assert [m["delta"] for m in messages if m["type"].endswith("transcription.delta")] == ["when", " do"]
    assert messages[3]["audio_end_ms"] == 1250
    assert messages[-1]["transcript"] == "When do you open?"
    assert messages[-1]["usage"] == {"type": "duration", "seconds": 0.75}
    (item,) = writer.items.values()
    assert item["content"] == [{"type": "input_audio", "transcript": "When do you open?"}]


def test_our_page_is_told_the_whole_partial_transcript() -> None:
    writer = scribe(avatar=True)
    texts = ["when", "then you"]
    told = [message for text in texts for message in writer.write(e.PartialTranscript(text))]
    assert [(message["delta"], message["avatar_text"]) for message in told] == [("", "when"), ("", "then you")]


def test_a_commit_is_confirmed_before_its_words_are_known() -> None:
    writer = scribe()
    writer.wishes.manual = True
    assert not list(writer.write(e.VoiceStarted(1.0)))
    first, second = list(writer.committed()), list(writer.committed())
    expected = ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"]
    assert kinds(first) == kinds(second) == expected
    assert second[0]["previous_item_id"] == first[0]["item_id"]
    (heard,) = writer.write(e.UtteranceHeard(Utterance("Yes.", "en", "voice", 1.0, 2.0)))
    (nothing,) = writer.write(e.NothingHeard())
    assert (heard["item_id"], heard["transcript"]) == (first[0]["item_id"], "Yes.")
    assert (nothing["item_id"], nothing["transcript"]) == (second[0]["item_id"], "")


def test_words_that_could_not_be_recognised_are_told_as_such() -> None:
    writer = scribe()
    item_id = next(iter(writer.committed()))["item_id"]
    list(writer.committed())
    (failed,) = writer.write(e.NothingHeard("the recogniser died"))
    assert failed["type"] == "conversation.item.input_audio_transcription.failed"
    assert failed["item_id"] != item_id or failed["error"]["message"] == "the recogniser died"


def test_words_that_could_not_be_recognised_are_an_item_although_nobody_committed_them() -> None:
    writer = scribe()
    spoken = next(iter(writer.write(e.VoiceStarted(1.0))))["item_id"]
    committed, *_, failed = writer.write(e.NothingHeard("the recogniser died"))
    assert (committed["type"], committed["item_id"]) == ("input_audio_buffer.committed", spoken)
    assert (failed["error"]["code"], failed["item_id"]) == ("transcription_failed", spoken)


def test_a_cough_is_no_item() -> None:
    writer = scribe()
    cough = next(iter(writer.write(e.VoiceStarted(1.0))))["item_id"]
    assert not list(writer.write(e.NothingHeard()))
    assert next(iter(writer.write(e.VoiceStarted(2.0))))["item_id"] != cough
    assert not writer.items


def test_old_items_and_turns_are_forgotten() -> None:
    writer = scribe()
    for number in range(1_000):
        list(writer.write(e.TurnOpened(number, "reply")))
        list(writer.write(e.TurnEnded(number, "completed", "")))
    assert len(writer.items) == 128
    assert len(writer.turns) <= 256
