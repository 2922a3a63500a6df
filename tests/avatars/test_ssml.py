"""SSML: what is understood of it, what is left out, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.errors import EngineError
from visavis.ssml import Document, Manner, MarkupError, is_markup, parse, words_of
from visavis.ssml.builder import PAUSES_S
from visavis.words import Cue, Emotion


def speak(inner: str) -> Document:
    return parse(f"<speak>{inner}</speak>")


def manner(inner: str) -> Manner:
    return speak(inner).spans[0].manner


def test_what_is_markup() -> None:
    assert is_markup("<speak>Hi</speak>")
    assert is_markup('\ufeff <?xml version="1.0"?>\n<!-- a -->\n<speak version="1.1">Hi</speak>')
    assert not is_markup("<speaker>Hi</speaker>")
    assert not is_markup("Hi <speak>")


def test_the_plain_text_is_what_a_caption_shows() -> None:
    assert speak("Hello, <emphasis>dear</emphasis>   friend.<p>One</p><p>Two</p>").text == "Hello, dear friend. One Two"
    assert speak("你好<break/>世界<s>再见</s>").text == "你好世界再见"
    assert speak("Salt &amp; pepper &lt; 5").text == "Salt & pepper < 5"
    assert speak('<sub alias="World Wide Web">WWW</sub>, <sub alias="nothing written"/>').text == "WWW, nothing written"
    assert speak("<metadata>secret</metadata>Hi<!-- no --><?php no ?>").text == "Hi"
    assert words_of("<speak>Hi <b>you</b></speak>") == "Hi you"
    assert words_of("a < b > c") == "a < b > c"


def test_unknown_elements_go_and_their_words_stay() -> None:
    document = speak('<foo:bar x="1">Hello <blink>there</blink></foo:bar> <audio src="x.mp3">a bell</audio>')
    assert document.text == "Hello there a bell"
    assert len(document.spans) == 1


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<prosody rate="x-fast">a</prosody>', Manner(rate=1.6)),
        ('<prosody rate="+20%">a</prosody>', Manner(rate=1.2)),
        ('<prosody rate="80%">a</prosody>', Manner(rate=0.8)),
        ('<prosody rate="9999%">a</prosody>', Manner(rate=4.0)),
        ('<prosody pitch="+12st">a</prosody>', Manner(pitch=2.0)),
        ('<prosody pitch="-10%">a</prosody>', Manner(pitch=0.9)),
        ('<prosody volume="+0dB">a</prosody>', Manner(energy=1.0)),
        ('<prosody volume="silent">a</prosody>', Manner(energy=0.0)),
        ('<prosody volume="50">a</prosody>', Manner(energy=0.5)),
        ('<prosody rate="fast"><prosody rate="fast">a</prosody></prosody>', Manner(rate=1.5625)),
        ('<emphasis level="none">a</emphasis>', Manner()),
        ('<voice name="Mia" xml:lang="en-GB">a</voice>', Manner(voice="Mia", language="en-GB")),
        ('<lang xml:lang="zh">a</lang>', Manner(language="zh")),
        ('<mstts:express-as style="cheerful" styledegree="2">a</mstts:express-as>', Manner(1, 1, 1, Emotion.HAPPY, 2)),
        ('<emotion name="sad" intensity="low">a</emotion>', Manner(emotion=Emotion.SAD, degree=0.5)),
    ],
)  # fmt: skip
def test_manners(inner: str, expected: Manner) -> None:
    assert manner(inner) == expected


def test_manners_within_each_other_stay_within_bounds() -> None:
    inner = "<prosody rate='200%' pitch='+12st' volume='+6dB'>" * 60 + "a" + "</prosody>" * 60
    assert manner(inner) == Manner(rate=4.0, pitch=2.0, energy=4.0)


def test_a_decibel_is_a_decibel_and_emphasis_is_felt() -> None:
    assert manner('<prosody volume="+6dB">a</prosody>').energy == pytest.approx(1.995, abs=0.001)
    strong, reduced = manner('<emphasis level="strong">a</emphasis>'), manner('<emphasis level="reduced">a</emphasis>')
    assert strong.energy > 1 > reduced.energy
    assert strong.pitch > 1 > strong.rate


def test_breaks() -> None:
    def pause(attributes: str) -> float:
        return speak(f"a<break {attributes}/>b").pauses[0].seconds

    assert pause('time="500ms"') == 0.5
    assert pause('time="2s"') == 2
    assert pause('time="11s"') == 10
    assert pause('strength="x-strong"') == 1.0
    assert pause("") == 0.4
    assert speak('a<break strength="none"/>b').pauses == ()
    assert "cut to 10s" in speak('a<break time="1000s"/>b').warnings[0]
    assert "no time" in speak('a<break time="soon"/>b').warnings[0]
    assert speak("<s>One.</s><s>Two.</s>").pauses[0].at == 4


def test_many_breaks_do_not_add_up_to_hours() -> None:
    together = speak('a<break time="10s"/>' * 1_000 + "b")
    assert sum(each.seconds for each in together.pauses) == PAUSES_S
    assert speak('a<break time="8s"/><break time="8s"/>b').pauses[0].seconds == 10


def test_marks_are_cues_where_they_name_an_action() -> None:
    document = speak('Hi <mark name="action:wave"/>there <bookmark mark="action:nod"/>you <mark name="chapter"/>')
    assert document.cues == (Cue("action", "wave", 3), Cue("action", "nod", 9))
    assert document.warnings == ("mark: 'chapter' names no action",)
    assert speak('<mark name="action:explode"/>a').cues == ()


def test_readings_know_their_place() -> None:
    document = speak('On <say-as interpret-as="date" format="mdy">1/2/2026</say-as> <phoneme ph="x">y</phoneme>.')
    first, second = document.readings
    assert document.text[first.begin : first.end] == "1/2/2026"
    assert (first.kind, first.value, first.detail) == ("say-as", "date", "mdy")
    assert (second.kind, second.value, second.detail) == ("phoneme", "x", "ipa")


# ── what is not well-formed, and what is refused ──
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<speak>Hello <b>there</speak>", "Hello there"),
        ("<speak>Hello", "Hello"),
        ('<speak>Hello <break time="1s" world', "Hello world"),
        ("<speak>Hello & goodbye</speak>", "Hello & goodbye"),
        ("<speak>a < b</speak>", "a < b"),
        ("<speak>Hello &nbsp;there</speak>", "Hello there"),
        ("<speak>Hi</speak> <speak>you</speak>", "Hi you"),
        ("<speak><prosody rate=fast>quick</prosody></speak>", "quick"),
    ],
)
def test_what_is_not_well_formed_is_plain_text(text: str, words: str) -> None:
    document = parse(text)
    assert (document.text, document.well_formed) == (words, False)
    assert "not well-formed" in document.warnings[0]
    assert words_of(text) == words


LAUGHS = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
) + "]><speak>&j;</speak>"  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak>a</speak>',
        '<speak><!ENTITY a "b">a</speak>',
        "<speak>" + "<p>" * 64 + "a" + "</p>" * 64 + "</speak>",
        "<speak>" + "<p>" * 40_000,
        "<speak>" + "a" * 131_072 + "</speak>",
        "<speak>" + "字" * 50_000 + "</speak>",
    ],
    ids=["laughs", "doctype", "entity", "deep", "deep and open", "long", "long in bytes"],
)
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(MarkupError) as told:
        parse(text)
    assert isinstance(told.value, EngineError)
    assert not told.value.retryable
    assert ";" in str(told.value), "it says what to do"


@pytest.mark.parametrize("text", [LAUGHS, '<!DOCTYPE speak SYSTEM "file:///etc/passwd">\n<speak>a</speak>'])
def test_a_bomb_before_the_text_is_no_plain_text_to_be_spoken(text: str) -> None:
    assert is_markup(text)
    assert not is_markup("<!DOCTYPE html><html>a</html>")


def test_an_entity_is_never_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    from visavis.ssml import builder

    heard: list[str] = []
    monkeypatch.setattr(builder.Builder, "characters", lambda self, content: heard.append(content))
    with pytest.raises(MarkupError):
        parse(LAUGHS)
    assert heard == []


def test_what_lies_at_the_limits_is_taken() -> None:
    assert parse("<speak>" + "<p>" * 63 + "a" + "</p>" * 63 + "</speak>").text == "a"
    assert len(parse("<speak>" + "a" * 131_056 + "</speak>").text) == 131_056


PARTS = st.sampled_from(
    ["<speak>", "</speak>", "<p>", "</p>", "<break/>", '<break time="99s"/>', "<prosody rate='+9%'>", "</prosody>",
     "&amp;", "&x;", "<", ">", "<!--", "-->", "<![CDATA[", "]]>", "<sub alias='again'>", "</sub>", "<TAGWORD>",
     "</TAGWORD>",
     "<TAGWORD attr='TAGWORD'", "<mark name='TAGWORD'/>", "hello ", "1,299 ", "你好", "\x00", "\ud800", "<?pi?>",
     "<voice name='", "'>", "</voice>", "<say-as interpret-as='TAGWORD'>", "</say-as>"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_anything_is_read_or_refused_and_no_tag_is_ever_text(inner: str) -> None:
    for text in (f"<speak>{inner}</speak>", f"<speak>{inner}"):
        try:
            document = parse(text)
        except MarkupError:
            continue
        if "[CDATA[" not in text and "&" not in text:
            assert "TAGWORD" not in document.text.replace("'TAGWORD'", "")
        assert all(0 <= each.begin <= each.end <= len(document.text) for each in (*document.spans, *document.readings))
        assert all(0 <= each.at <= len(document.text) for each in (*document.pauses, *document.cues))
        assert words_of(text) == document.text
