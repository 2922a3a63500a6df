"""BML in and out: what a block says, when everything in it happens, and why one that makes no sense is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors.bml import Anchor, Behavior, Block, BmlError, Ref, Timing, parse, plan, write
from behaviors.bml.model import POINTS
from visavis.errors import ClientError
from visavis.words import ACTIONS, Emotion

GREETING = """
<bml xmlns="http://www.bml-initiative.org/bml/bml-1.0" id="bml1" composition="APPEND">
  <speech id="speech1" start="0.2">
    <text>Welcome to <sync id="here"/>the museum, <sync id="dear"/>dear guest!</text>
  </speech>
  <gesture id="g1" lexeme="PRESENT_RIGHT" stroke="speech1:here"/>
  <head id="h1" lexeme="NOD" repetition="4" start="speech1:dear - 0.1"/>
  <gaze id="look" target="user" start="speech1:start" end="speech1:end + 1"/>
  <face id="f1" emotion="JOY" amount="0.6" start="g1:start"/>
  <posture id="p1" lexeme="LEAN"/>
</bml>
"""
TAKEN, PAUSE = '<sync id="stroke"/>Hi', '<wait duration="1"/>'
WAVE = Timing(0.6, 2.0)


def block(*elements: str, composition: str = "MERGE") -> Block:
    return parse(f'<bml id="b" composition="{composition}">{"".join(elements)}</bml>')


def speech(text: str, name: str = "s", start: str = "") -> str:
    return f'<speech id="{name}"{f" start={start!r}" if start else ""}><text>{text}</text></speech>'


# ── read ──
def test_a_block_is_read() -> None:
    read = parse(GREETING)
    assert (read.id, read.composition) == ("bml1", "APPEND")
    said, gesture, head, look, face = read.behaviors
    assert said.text == "Welcome to the museum, dear guest!"
    assert {said.text[at:][:4] for at in said.marks.values()} == {"the ", "dear"}
    assert (gesture.kind, gesture.name, gesture.sync) == ("action", "present_right", {"stroke": Ref("speech1", "here")})
    assert (head.name, head.repetition, head.sync["start"]) == ("nod", 4, Ref("speech1", "dear", -0.1))
    assert (look.kind, look.name) == ("gaze", "visitor")
    assert (face.kind, face.name, face.amount) == ("face", "happy", 0.6)
    assert read.warnings == ("p1: <posture> cannot be done here; it is left out",)


def test_chinese_is_read_as_well() -> None:
    (said,) = block(speech('您好，<sync id="m"/>欢迎光临！')).behaviors
    assert (said.text, said.marks) == ("您好，欢迎光临！", {"m": 3})


@pytest.mark.parametrize(
    ("xml", "where", "says"),
    [
        ("hello", "bml", "not well-formed"),
        ("<speak>hello</speak>", "bml", "begin with <bml"),
        ('<!DOCTYPE bml [<!ENTITY a "b">]><bml id="b"/>', "bml", "DOCTYPE"),
        ('<bml id="b" composition="FUSE"/>', "composition", "MERGE, APPEND, REPLACE"),
        ('<bml id="a b"/>', "bml.id", "cannot be an id"),
        (f'<bml id="b">{speech("Hi")}{speech("Ho")}</bml>', "s.id", "two elements"),
        (f'<bml id="b">{speech("…")}</bml>', "s.text", "nothing to say"),
        ('<bml id="b"><speech id="s"/></bml>', "s.text", "no <text>"),
        (f'<bml id="b">{speech(TAKEN)}</bml>', "s.sync", "cannot be the id"),
        ('<bml id="b"><gesture id="g" lexeme="salsa"/></bml>', "g.lexeme", "wave"),
        ('<bml id="b"><gesture id="g"/></bml>', "g.lexeme", "missing"),
        ('<bml id="b"><head id="h" lexeme="NOD" repetition="900"/></bml>', "h.repetition", "1 to 5"),
        ('<bml id="b"><gaze id="z" target="moon"/></bml>', "z.target", "visitor"),
        ('<bml id="b"><face id="f" emotion="envy"/></bml>', "f.emotion", "happy"),
        ('<bml id="b"><wait id="w"/></bml>', "w.duration", "how long"),
        ('<bml id="b"><wait id="w" duration="nan"/></bml>', "w.duration", "does not do"),
        ('<bml id="b"><required><posture id="p"/></required></bml>', "p", "is required"),
        ('<bml id="b"><gesture id="g" lexeme="wave" start="soon"/></bml>', "g.start", "no time"),
        ('<bml id="b"><gesture id="g" lexeme="wave" start="-1"/></bml>', "g.start", "before the block"),
        ('<bml id="b"><gesture id="g" lexeme="wave" start="99999"/></bml>', "g.start", "too far"),
        ('<bml id="b"><gesture id="g" lexeme="wave" start="s:end+1.2.3"/></bml>', "g.start", "no offset"),
        (f'<bml id="b">{"<x>" * 40}{"</x>" * 40}</bml>', "bml", "deep"),
        (f'<bml id="b">{PAUSE * 101}</bml>', "wait101", "at most 100"),
        (f'<bml id="b">{speech("a " * 5000)}</bml>', "s.text", "8,000 characters"),
        (f'<bml id="b">{"x" * 140_000}</bml>', "bml", "in parts"),
    ],
)
def test_what_is_wrong_in_a_block_is_named(xml: str, where: str, says: str) -> None:
    with pytest.raises(BmlError) as refused:
        parse(xml)
    assert refused.value.param == where
    assert says in str(refused.value)
    assert str(refused.value).startswith(f"{where}: ") or where == "composition"
    assert isinstance(refused.value, ClientError)


PAGE = (Path(__file__).parents[2] / "docs" / "cues.md").read_text("utf-8")


@pytest.mark.parametrize("shown", re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL))
def test_what_the_documentation_shows_is_read(shown: str) -> None:
    read = parse(shown)
    assert plan(read).warnings == ()
    assert parse(write(read)) == read


def test_the_error_that_the_documentation_shows_is_told() -> None:
    shown = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)[0].replace('"s1:here"', '"s1:there"')
    with pytest.raises(BmlError) as refused:
        plan(parse(shown))
    assert f"```\n{refused.value}\n```" in PAGE


# ── planned ──
def test_times_hang_on_words() -> None:
    planned = plan(parse(GREETING), lambda action: WAVE)
    (said,) = planned.said
    assert said.pause_s == 0.2
    here, dear = said.text.index("the"), said.text.index("dear")
    deeds = {deed.id: deed for deed in planned.deeds}
    assert deeds["g1"].start == Anchor("speech1", here, -0.6)
    assert deeds["g1"].stroke == Anchor("speech1", here, pytest.approx(0.0))
    assert deeds["h1"].start == Anchor("speech1", dear, -0.1)
    assert deeds["h1~2"].start == Anchor("speech1", dear, -0.1 + 2.0), "one play nods twice"
    assert deeds["look"].until == Anchor("speech1", len(said.text), 1.0)
    assert deeds["f1"].start == deeds["g1"].start


def test_a_text_that_begins_with_the_block_and_the_block_are_one() -> None:
    read = block(speech("Hello."), '<gesture id="g" lexeme="wave" start="s:start+0.5"/>')
    assert plan(read).deeds[0].start == Anchor("", 0, 0.5)


def test_texts_are_said_one_after_the_other() -> None:
    wait = '<wait id="w" start="one:end" duration="1.5"/>'
    read = block(speech("Three.", "three", "two:end"), speech("Two.", "two", "w:end"), wait, speech("One.", "one"))
    assert [(said.id, said.pause_s) for said in plan(read).said] == [("one", 0.0), ("two", 1.5), ("three", 0.0)]


def test_a_text_may_wait_for_a_gesture() -> None:
    planned = plan(block('<gesture id="g" lexeme="wave"/>', speech("Hello.", start="g:end+0.5")), lambda action: WAVE)
    assert planned.said[0].pause_s == 2.5
    assert planned.deeds[0].start == Anchor("", 0, 0.0)


def test_an_action_keeps_its_length_and_says_so() -> None:
    read = block('<gesture id="g" lexeme="wave" start="1" stroke="1.6" end="9"/>')
    planned = plan(read, lambda action: WAVE)
    assert planned.deeds[0].start == Anchor("", 0, pytest.approx(1.0))
    assert planned.warnings == ("g.end: the action has its own length; stroke places it",)


@pytest.mark.parametrize(
    ("elements", "where", "says"),
    [
        (['<gesture id="g" lexeme="wave" start="nobody:end"/>'], "g.start", "no behaviour 'nobody'"),
        ([speech("Hi."), '<gesture id="g" lexeme="wave" stroke="s:m9"/>'], "g.stroke", "no sync point 'm9'"),
        (['<gesture id="g" lexeme="wave" start="2" stroke="1"/>'], "g.stroke", "stroke lies before start"),
        ([speech("A <sync id='m'/>b c <sync id='n'/>d."),
          '<gesture id="g" lexeme="wave" start="s:n" stroke="s:m"/>'], "g.stroke", "stroke lies before start"),
        ([speech("Hi."), '<gesture id="g" lexeme="wave" stroke="s:start-3"/>'], "g.stroke", "before the block begins"),
        (['<gesture id="g" lexeme="wave" start="h:end"/>', '<head id="h" lexeme="NOD" start="g:end"/>'],
         "h.start", "wait for each other (g → h → g)"),
        (['<gesture id="g" lexeme="wave" start="g:end"/>'], "g.start", "wait for each other"),
        ([speech("Hi.", "s1", "s2:end"), speech("Ho.", "s2", "s1:end")], "s1.start", "the texts wait for each other"),
        ([speech("Hi <sync id='m'/>you.", "s1"), speech("Ho.", "s2", "s1:m")], "s2.start", "at once"),
        (['<face id="f" emotion="joy"/>', '<gesture id="g" lexeme="wave" start="f:end"/>'], "g.start", "no end"),
        (['<gaze id="z" target="away" start="3" end="2"/>'], "z.end", "end lies before start"),
    ],
)  # fmt: skip
def test_constraints_that_make_no_sense_are_named(elements: list[str], where: str, says: str) -> None:
    with pytest.raises(BmlError) as refused:
        plan(block(*elements))
    assert refused.value.param == where
    assert says in str(refused.value)


# ── any block ──
IDS = st.from_regex(r"[a-z_.][a-z0-9_.]{0,8}", fullmatch=True).filter(lambda name: name not in POINTS)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=8)
SECONDS = st.integers(0, 20_000).map(lambda ms: ms / 1000)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """A block that makes sense: each behaviour refers to those before it."""
    names = draw(st.lists(IDS, min_size=2, max_size=9, unique=True))
    behaviors: list[Behavior] = []
    for name in names[1:]:
        behaviors.append(draw(behavior(name, tuple(behaviors))))
    return Block(names[0], tuple(behaviors), draw(st.sampled_from(["MERGE", "APPEND", "REPLACE"])))


@st.composite
def behavior(draw: st.DrawFn, name: str, before: tuple[Behavior, ...]) -> Behavior:
    kind = draw(st.sampled_from(["speech", "action", "gaze", "face", "wait"]))
    speeches = [each for each in before if each.kind == "speech"]
    ref = Ref("", "start", draw(SECONDS))
    if speeches and kind != "speech":
        said = speeches[-1]
        ref = Ref(said.id, draw(st.sampled_from([*said.marks, "end"])), draw(SECONDS))
    match kind:
        case "speech":
            words = [*draw(st.lists(WORDS, min_size=1, max_size=6)), "end"]
            text = " ".join(words)
            places = sorted(draw(st.sets(st.sampled_from(range(len(words))), max_size=4)))
            marks = {f"m{n}": len(" ".join(words[:n])) + (n > 0) for n in places}
            times = {mark: draw(SECONDS) for mark in marks if draw(st.booleans())}
            follows = {"start": Ref(speeches[-1].id, "end", draw(SECONDS))} if speeches else {}
            return Behavior("speech", name, sync=follows, text=text, marks=marks, times=times)
        case "action":
            action = draw(st.sampled_from([each for each in ACTIONS if each != "idle"]))
            times_ = draw(st.integers(1, 5)) if action in ("nod", "shake") else 1
            return Behavior("action", name, action, {draw(st.sampled_from(POINTS)): ref}, repetition=times_)
        case "gaze":
            return Behavior("gaze", name, draw(st.sampled_from(["visitor", "away", "aside"])), {"start": ref})
        case "face":
            amount = draw(st.integers(0, 100)) / 100
            return Behavior("face", name, draw(st.sampled_from(list(Emotion))).value, {"start": ref}, amount=amount)
    return Behavior("wait", name, sync={"start": ref}, amount=draw(SECONDS))


@given(blocks())
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_as_the_same_plan(block: Block) -> None:
    again = parse(write(block))
    assert again == block
    assert plan(again) == plan(block)


@given(blocks(), st.data())
@settings(max_examples=100, deadline=None)
def test_any_tangle_of_times_is_planned_or_refused_with_a_place(block: Block, data: st.DataObject) -> None:
    ids = [each.id for each in block.behaviors]
    refs = st.builds(Ref, st.sampled_from([*ids, "", "nobody"]), st.sampled_from(POINTS), st.floats(-9, 9))
    tangled = [
        replace(each, sync=data.draw(st.dictionaries(st.sampled_from(POINTS), refs, max_size=3)))
        for each in block.behaviors
    ]
    try:
        planned = plan(replace(block, behaviors=tuple(tangled)))
    except BmlError as refused:
        name, _, attribute = (refused.param or "").rpartition(".")
        assert name in ids
        assert attribute in POINTS
    else:
        assert {said.id for said in planned.said} == {each.id for each in tangled if each.kind == "speech"}
        for deed in planned.deeds:
            assert deed.start.speech in ("", *(said.id for said in planned.said))


@given(st.text(max_size=300) | st.text(st.sampled_from("<>/=\"' bmlspeechtxid:&;![]-"), max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    documents = [text, f'<bml id="b">{text}</bml>', f'<bml id="b">{speech(text)}</bml>']
    refusals = []
    for document in documents:
        try:
            plan(parse(document))
        except BmlError as refused:
            refusals.append(refused)
    assert all(refused.param for refused in refusals)
    assert text.strip().startswith("<") or refusals, "what is no XML is refused"
