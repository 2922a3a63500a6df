"""BML blocks performed by a whole session in virtual time: every sync point is told with its sample of the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from visit import LETTER, NUMBERS, Script, Visit, perform

from behaviors.bml import parse, plan
from runtime.events import ActionStarted, BlockTold, TurnEnded
from visavis.errors import ClientError
from visavis.words import RATE, SLOT, Emotion

TEXT = NUMBERS.replace("five", '<sync id="five"/>five')
FIVE_S = NUMBERS.index("five") * LETTER
AGAIN = "Eleven twelve."


def block(*elements: str, name: str = "b", composition: str = "MERGE") -> str:
    return f'<bml id="{name}" composition="{composition}">{"".join(elements)}</bml>'


def speech(text: str = TEXT, name: str = "s", start: str = "0") -> str:
    return f'<speech id="{name}" start="{start}"><text>{text}</text></speech>'


def place(visit: Visit, xml: str) -> None:
    visit.session.performing.place(plan(parse(xml), visit.session.stage.timing))


def performed(*xml: str, until: float = 8.0, meanwhile: Callable[[Visit], Awaitable[None]] | None = None) -> Visit:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        for each in xml:
            place(visit, each)
        if meanwhile is not None:
            await meanwhile(visit)
        await visit.until(until)

    return perform(play)


def feedback(visit: Visit, block: str = "b") -> list[tuple[str, str, str]]:
    told = visit.outlet.told(BlockTold)
    return [(each.what, each.behavior, each.point) for each in told if each.block == block]


def when(visit: Visit, behavior: str, point: str) -> int:
    told = visit.outlet.told(BlockTold)
    (pts,) = [each.pts for each in told if (each.behavior, each.point) == (behavior, point)]
    return int(pts)


def test_words_and_their_gesture_are_told_as_they_come() -> None:
    visit = performed(block(speech(), '<gesture id="g" lexeme="wave" stroke="s:five"/>'))
    assert feedback(visit)[0] == ("blockStart", "", "")
    assert feedback(visit)[-1] == ("blockEnd", "", "")
    (five,) = [word.start for _, frame in visit.outlet.speech(1) for word in frame.words if word.text == "five"]
    first = visit.outlet.speech(1)[0][1]
    assert when(visit, "s", "start") == first.pts
    assert when(visit, "s", "five") == five == first.pts + round(FIVE_S * RATE)
    last = visit.outlet.speech(1)[-1][1]
    assert last.pts < when(visit, "s", "end") <= last.pts + SLOT
    assert when(visit, "g", "start") < when(visit, "g", "stroke") < when(visit, "g", "end")
    assert abs(when(visit, "g", "stroke") - five) <= SLOT
    (wave,) = visit.outlet.told(ActionStarted)
    assert (wave.action, wave.stroke) == ("wave", when(visit, "g", "stroke"))
    assert visit.endings() == [(1, "completed", NUMBERS)]
    told = [
        (at, each.pts) for at, each in visit.outlet.events if isinstance(each, BlockTold) and each.what != "blockEnd"
    ]
    assert all(at >= (pts - 6 * SLOT) / RATE for at, pts in told), "nothing is told before it is known"


def test_a_chinese_text_has_its_gesture_on_its_character() -> None:
    said = "您好，<sync id='m'/>欢迎光临博物馆。请<sync id='n'/>进！"
    visit = performed(block(speech(said), '<gesture id="g" lexeme="wave" stroke="s:n"/>'))
    words = {word.text: word.start for _, frame in visit.outlet.speech(1) for word in frame.words}
    assert (when(visit, "s", "m"), when(visit, "s", "n")) == (words["欢"], words["进"])
    assert abs(when(visit, "g", "stroke") - words["进"]) <= SLOT


@pytest.mark.parametrize(("offset", "later_s"), [("+0.5", 0.5), ("-0.3", -0.3)])
def test_a_stroke_may_lie_beside_its_word(offset: str, later_s: float) -> None:
    visit = performed(block(speech(), f'<gesture id="g" lexeme="wave" stroke="s:five{offset}"/>'))
    assert abs(when(visit, "g", "stroke") - when(visit, "s", "five") - later_s * RATE) <= SLOT


def test_a_block_without_words_acts_looks_and_feels() -> None:
    looks: list[tuple[float, str]] = []
    faces: list[tuple[Emotion, float]] = []

    async def watch(visit: Visit) -> None:
        visit.session.look = lambda at: looks.append((visit.clock.now(), at))  # type: ignore[method-assign]
        feel = visit.session.feel
        visit.session.feel = lambda emotion, intensity, for_s: (  # type: ignore[method-assign]
            faces.append((emotion, intensity)), feel(emotion, intensity, for_s),
        )[1]  # fmt: skip
        await visit.until(1.1)

    visit = performed(
        block(
            '<gesture id="g" lexeme="wave" start="1"/>',
            '<gaze id="z" target="away" start="0.5" end="1.5"/>',
            '<face id="f" emotion="joy" amount="0.5" start="g:start" end="2.5"/>',
        ),
        meanwhile=watch,
    )
    assert [at for _, at in looks] == ["away", "visitor"]
    assert looks[1][0] - looks[0][0] == pytest.approx(1.0, abs=0.05)
    assert faces == [(Emotion.HAPPY, 0.5), (Emotion.NEUTRAL, 0.0)]
    assert [each.action for each in visit.outlet.told(ActionStarted)] == ["wave"]
    assert abs(when(visit, "g", "start") - when(visit, "f", "start")) <= 4 * SLOT
    assert feedback(visit)[-1] == ("blockEnd", "", "")


def test_a_text_waits_for_what_comes_before_it() -> None:
    wait = '<wait id="w" duration="0.7"/>'
    visit = performed(block(wait, speech(AGAIN, start="w:end")))
    (began,) = [each.pts for each in visit.outlet.told(BlockTold) if each.what == "blockStart"]
    late = when(visit, "s", "start") - began - 0.7 * RATE
    assert 0 <= late <= 5 * SLOT


def test_what_waits_for_the_end_of_the_words_comes_after_it() -> None:
    visit = performed(block(speech(AGAIN), '<head id="h" lexeme="NOD" start="s:end+0.5"/>'))
    assert 0 <= when(visit, "h", "start") - when(visit, "s", "end") - 0.5 * RATE <= 4 * SLOT
    assert feedback(visit)[-1] == ("blockEnd", "", "")


def test_blocks_follow_each_other_or_take_each_others_place() -> None:
    one, two = block(speech(AGAIN), name="one"), block(speech("Thirteen."), name="two", composition="APPEND")
    visit = performed(one, two)
    order = [(each.block, each.what) for each in visit.outlet.told(BlockTold) if each.what.startswith("block")]
    assert order == [("one", "blockStart"), ("one", "blockEnd"), ("two", "blockStart"), ("two", "blockEnd")]
    assert [heard for _, _, heard in visit.endings()] == [AGAIN, "Thirteen."]

    async def replace(visit: Visit) -> None:
        await visit.until(2.0)
        place(visit, block(speech(AGAIN), name="new", composition="REPLACE"))

    visit = performed(block(speech(), name="old"), meanwhile=replace)
    (cut, whole) = visit.outlet.told(TurnEnded)
    assert (cut.status, whole.status, whole.heard) == ("cancelled", "completed", AGAIN)
    ends = [(each.block, each.text) for each in visit.outlet.told(BlockTold) if each.what == "blockEnd"]
    assert ends == [("old", "another block took its place"), ("new", "")]


def test_a_visitor_who_interrupts_ends_the_block() -> None:
    async def interrupt(visit: Visit) -> None:
        await visit.until(2.0)
        visit.ask()

    visit = performed(block(speech(), '<head id="h" lexeme="NOD" start="s:end"/>'), meanwhile=interrupt)
    (end,) = [each for each in visit.outlet.told(BlockTold) if each.what == "blockEnd"]
    assert end.text
    assert not [each for each in visit.outlet.told(ActionStarted) if each.action == "nod"]
    assert visit.endings()[-1][1:] == ("completed", NUMBERS)


def test_a_stop_ends_every_block_and_what_it_showed() -> None:
    looks: list[str] = []

    async def stop(visit: Visit) -> None:
        visit.session.look = looks.append  # type: ignore[method-assign,assignment]
        place(visit, block(speech(AGAIN, start="3"), name="late"))
        place(visit, block(speech(AGAIN), name="next", composition="APPEND"))
        await visit.until(2.5)
        visit.session.halt("enough")

    visit = performed(block(speech(), '<gaze id="z" target="away"/>'), meanwhile=stop)
    assert looks == ["away", "visitor"]
    ends = {each.block: each.text for each in visit.outlet.told(BlockTold) if each.what == "blockEnd"}
    assert ends == {"b": "enough", "late": "enough", "next": "enough"}
    assert [status for _, status, _ in visit.endings()] == ["cancelled"]


def test_a_cough_does_not_tell_a_point_twice() -> None:
    async def cough(visit: Visit) -> None:
        await visit.until(2.3)
        visit.sounds(2.4, 2.6)

    visit = performed(block(speech(), '<gesture id="g" lexeme="wave" stroke="s:five"/>'), meanwhile=cough)
    points = [each for each in feedback(visit) if each[0] == "syncPointProgress" and each[1] == "s"]
    assert points == [("syncPointProgress", "s", each) for each in ("start", "five", "end")]
    assert feedback(visit)[-1] == ("blockEnd", "", "")


def test_a_face_colours_the_sentences_that_it_lasts_for() -> None:
    said = "One. <sync id='a'/>Two! <sync id='b'/>Three."
    xml = block(speech(said), '<face id="f" emotion="sadness" start="s:a" end="s:b"/>')
    visit = performed(xml)
    emotions = [spoken.emotion for _, spoken in visit.tts.spoken]  # type: ignore[attr-defined]
    assert emotions == [Emotion.NEUTRAL, Emotion.SAD, Emotion.NEUTRAL]


def test_too_many_blocks_and_a_name_that_is_taken_are_refused() -> None:
    async def crowd(visit: Visit) -> None:
        with pytest.raises(ClientError, match="another id"):
            place(visit, block(speech(), name="one", composition="APPEND"))
        for n in range(19):
            place(visit, block(speech(AGAIN), name=f"more{n}", composition="APPEND"))
        with pytest.raises(ClientError, match="20 blocks"):
            place(visit, block(speech(AGAIN), name="last"))

    visit = performed(block(speech(), name="one"), meanwhile=crowd, until=2.0)
    assert visit.script.asked == []


def test_a_block_does_not_disturb_a_visit() -> None:
    async def ask(visit: Visit) -> None:
        await visit.until(4.0)
        visit.ask()

    visit = performed(block(speech(AGAIN)), meanwhile=ask)
    assert [status for _, status, _ in visit.endings()] == ["completed", "completed"]
    assert isinstance(visit.script, Script)
