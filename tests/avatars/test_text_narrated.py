"""A voice that is given words to say: what it is given, and what is told of the times of what was written."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.voices import lexicon
from avatars.voices.lexicon import Entry, Lexicon
from avatars.voices.narrated import Narrated
from avatars.voices.phoneme_names import mnemonics, spelled, written
from avatars.voices.plain import LIMIT, pieces, plain
from visavis.contracts.tts import check_speech, check_tts
from visavis.engines import Pronounced, Style, Tts
from visavis.errors import SetupError
from visavis.fakes.tts import FakeTts
from visavis.ssml import MarkupError, words_of
from visavis.words import RATE, Emotion, SpeechChunk, TimedViseme, TimedWord, Viseme


def narrator(
    language: str = "en-US", *, entries: Sequence[Entry] = (), controls: frozenset[str] = frozenset()
) -> tuple[Narrated, FakeTts]:
    fake = FakeTts(per_character=240)
    fake.capabilities = replace(fake.capabilities, controls=controls)
    known = lexicon.of(entries)
    return Narrated(fake, language, lambda: known), fake


async def heard(voice: Tts, text: str, style: Style | None = None) -> list[SpeechChunk]:
    return [chunk async for chunk in voice.speak(text, style or Style())]


def words(speech: Sequence[SpeechChunk]) -> list[TimedWord]:
    return [word for chunk in speech for word in chunk.words]


def samples(speech: Sequence[SpeechChunk]) -> int:
    return sum(len(chunk.pcm) for chunk in speech)


# ── plain text ──
async def test_the_voice_says_words_and_the_times_tell_of_what_was_written() -> None:
    voice, fake = narrator()
    text = "We have 1,299 pieces at $5."
    speech = await heard(voice, text)
    assert fake.spoken[0][0] == "We have one thousand two hundred and ninety-nine pieces at five dollars."
    assert [(word.text, word.at) for word in words(speech)] == [
        ("We", 0), ("have", 3), ("1,299", 8), ("pieces", 14), ("at", 21), ("$5", 24),
    ]  # fmt: skip
    number, following = words(speech)[2:4]
    assert (number.end - number.start) / 240 > len("one thousand two hundred")
    assert number.end <= following.start
    check_speech(speech, text, word_times=True)


async def test_the_contract_of_a_voice_holds() -> None:
    await check_tts(narrator()[0], "At 9:30 we open 12 rooms, e.g. the hall.", "en")
    await check_tts(narrator("zh-CN")[0], "票价128元，9:30开馆，欢迎光临。", "zh")


async def test_a_number_as_long_as_the_whole_text_is_one_word_within_the_sound() -> None:
    speech = await heard(narrator()[0], "987,654,321")
    (word,) = words(speech)
    assert (word.text, word.at) == ("987,654,321", 0)
    assert samples(speech) // 2 < word.end <= samples(speech)


async def test_tags_in_plain_text_are_never_said() -> None:
    voice, fake = narrator()
    speech = await heard(voice, '<b class="x">Hi</b> there')
    assert fake.spoken[0][0].split() == ["Hi", "there"]
    assert [(word.text, word.at) for word in words(speech)] == [("Hi", 13), ("there", 20)]


@given(st.text(max_size=200), st.sampled_from(["en-US", "zh-CN", "ja"]))
@settings(max_examples=150, deadline=None)
async def test_any_text_is_spoken_and_its_words_come_in_order(text: str, language: str) -> None:
    speech = await heard(narrator(language)[0], text)
    plain_text = words_of(text)
    places = [(word.at, word.at + len(word.text)) for word in words(speech)]
    assert places == sorted(places)
    assert all(plain_text[begin:end].strip() for begin, end in places)
    assert all(left[1] <= right[0] for left, right in pairwise(places))


async def test_a_long_text_is_spoken_in_parts_to_its_end() -> None:
    voice, fake = narrator()
    fake.per_character = 8
    text = "We have 1,299 pieces. " * 400
    speech = await heard(voice, text)
    assert len(fake.spoken) > 3
    assert all(len(spoken) < 6_000 for spoken, _ in fake.spoken)
    assert sum(word.text == "1,299" for word in words(speech)) == 400
    digits, fake = narrator()
    fake.per_character = 8
    await heard(digits, "9" * 2 * LIMIT)
    assert sum(spoken.count("nine") for spoken, _ in fake.spoken) == LIMIT


# ── the lexicon ──
LOUVRE = Entry("louvre", "Louvre", alias="loo-vruh", ipa="ˈluːvɹə")


async def test_a_voice_without_phonemes_says_the_alias() -> None:
    voice, fake = narrator(entries=[LOUVRE])
    assert words(await heard(voice, "The Louvre is open"))[1].text == "Louvre"
    assert (fake.spoken[0][0], fake.spoken[0][1].sounds) == ("The loo-vruh is open", ())


async def test_a_voice_with_phonemes_is_given_them() -> None:
    voice, fake = narrator(entries=[LOUVRE], controls=frozenset({"sounds"}))
    await heard(voice, "The 5 Louvre")
    text, style = fake.spoken[0]
    assert [(text[each.start : each.end], each.ipa) for each in style.sounds] == [("loo-vruh", "ˈluːvɹə")]


async def test_a_callers_own_sounds_go_before_the_lexicon() -> None:
    voice, fake = narrator(entries=[LOUVRE], controls=frozenset({"sounds"}))
    await heard(voice, "The 5 Louvre", Style(sounds=(Pronounced(6, 12, "luvʁ"),)))
    text, style = fake.spoken[0]
    assert [(text[each.start : each.end], each.ipa) for each in style.sounds] == [("Louvre", "luvʁ")]


async def test_the_version_changes_with_every_edit_of_the_lexicon() -> None:
    current = [lexicon.NOTHING]
    voice = Narrated(FakeTts(), "en", lambda: current[0])
    before = voice.version
    current[0] = Lexicon((LOUVRE,))
    assert voice.version != before


# ── marked-up text ──
async def test_a_document_is_spoken_part_by_part_with_its_pauses() -> None:
    voice, fake = narrator()
    text = (
        '<speak>Hello <break time="1s"/>world, <prosody rate="200%" volume="+6dB">quick</prosody> 5 '
        '<sub alias="and">&amp;</sub></speak>'
    )
    speech = await heard(voice, text)
    assert [(spoken.strip(), style.rate) for spoken, style in fake.spoken] == [
        ("Hello", 1.0), ("world,", 1.0), ("quick", 2.0), ("five and", 1.0),
    ]  # fmt: skip
    assert fake.spoken[2][1].energy == pytest.approx(1.995, abs=0.001)
    hello, world, *_ = words(speech)
    assert world.start - hello.end >= RATE
    assert [(word.text, word.at) for word in words(speech)] == [
        ("Hello", 0),
        ("world", 6),
        ("quick", 13),
        ("5", 19),
        ("&", 21),
    ]
    check_speech(speech, words_of(text), word_times=True)


async def test_an_emotion_and_a_length_reach_the_voice() -> None:
    voice, fake = narrator()
    text = '<speak><express-as style="sad" styledegree="0.5">Sorry.</express-as><break time="1s"/>Sorry.</speak>'
    await heard(voice, text, Style(emotion=Emotion.CALM, pitch=1.1, duration_s=3.0))
    (_, first), (_, second) = fake.spoken
    assert (first.emotion, first.degree, second.emotion, second.degree) == (Emotion.SAD, 0.5, Emotion.CALM, 1.0)
    assert first.pitch == second.pitch == 1.1
    assert (first.duration_s or 0) + (second.duration_s or 0) == pytest.approx(2.0)


async def test_a_break_at_the_end_is_heard() -> None:
    voice, _ = narrator()
    plain_speech, paused = await heard(voice, "Hi"), await heard(voice, '<speak>Hi<break time="2s"/></speak>')
    assert samples(paused) - samples(plain_speech) == 2 * RATE


async def test_phonemes_and_pinyin_of_a_document() -> None:
    voice, fake = narrator(controls=frozenset({"sounds"}))
    await heard(voice, '<speak>a <phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomato</phoneme></speak>')
    assert [each.ipa for each in fake.spoken[0][1].sounds] == ["təˈmeɪtoʊ"]
    chinese, fake = narrator("zh")
    await heard(chinese, '<speak>去<phoneme alphabet="pinyin" ph="chong2 qing4">重庆</phoneme></speak>')
    assert fake.spoken[0][0][0] == "去"
    assert "重" not in fake.spoken[0][0]


async def test_a_voice_element_is_spoken_by_that_voice_where_there_is_one() -> None:
    fake, other = FakeTts(), FakeTts()

    async def voices(name: str) -> Tts:
        if name != "mia":
            raise SetupError(f"there is no voice {name!r}", "use mia")
        return other

    voice = Narrated(fake, "en", voices=voices)
    speech = await heard(voice, '<speak>One <voice name="mia">two</voice> <voice name="zoe">three</voice></speak>')
    assert [spoken.strip() for spoken, _ in fake.spoken if spoken.strip()] == ["One", "three"]
    assert [spoken for spoken, _ in other.spoken] == ["two"]
    assert [word.text for word in words(speech)] == ["One", "two", "three"]
    await voice.close()
    assert fake.closed
    assert other.closed


async def test_what_is_refused_is_not_spoken_at_all() -> None:
    voice, fake = narrator()
    with pytest.raises(MarkupError, match="document type"):
        await heard(voice, "<speak><!DOCTYPE speak>Hi</speak>")
    assert fake.spoken == []


async def test_what_is_not_well_formed_is_spoken_without_its_tags() -> None:
    voice, fake = narrator()
    await heard(voice, "<speak>We have <b>5 rooms</speak>")
    assert fake.spoken[0][0] == "We have five rooms"


# ── espeak-ng's names of phonemes ──
@pytest.mark.parametrize(
    ("ipa", "names"),
    [("ˈluːvɹə", "'lu:vr@"), ("tʃiːz", "tSi:z"), ("t͡ʃ", "tS"), ("væn ˈɡoʊ", "van 'goU"), ("ʁɛ̃", "rE"), ("?", "")],
)
def test_ipa_in_espeaks_names(ipa: str, names: str) -> None:
    assert mnemonics(ipa) == names


def test_phonemes_are_put_into_a_piece_and_places_lead_back() -> None:
    text = "The 🙂Louvre [[x]]"
    safe = plain(text)
    (piece,) = pieces(safe.text)
    sent, puts = spelled(piece, safe, [Pronounced(5, 11, "ˈluːvɹə")])
    assert sent == "The  [['lu:vr@]] [ x]]"
    at = sent.index("lu:")
    begin, length = written(puts, at, 1)
    assert piece.text[begin : begin + length] == "Louvre"
    begin, length = written(puts, sent.index("x"), 1)
    assert piece.text[begin : begin + length] == "x"
    assert written(puts, 0, 3) == (0, 3)


@pytest.mark.parametrize("text", ["x", "x x", "xx"])
def test_phonemes_beyond_any_word_are_left_as_written(text: str) -> None:
    safe = plain(text)
    (piece,) = pieces(safe.text)
    long = Pronounced(0, 1, "a" * 500)
    assert spelled(piece, safe, [long]) == (piece.text, [])
    places = [at for at, each in enumerate(text) if each == "x"]
    sent, _ = spelled(piece, safe, [Pronounced(at, at + 1, "ma" * 45) for at in places])
    assert sent.count("[[") == (1 if text == "xx" else len(places)), "two that touch are one word to espeak-ng"


async def test_letters_that_are_spelled_do_not_make_their_word_last_into_the_next() -> None:
    class Spelling(FakeTts):
        """A letter by itself lasts half a second, a letter of a word a twentieth."""

        async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
            at = 0
            for found in re.finditer(r"\S+", text):
                length = RATE // 2 if len(found[0].strip(",")) == 1 else len(found[0]) * RATE // 20
                word = TimedWord(at, at + length, found[0], found.start())
                yield SpeechChunk(np.zeros(length, np.int16), (TimedViseme(at, Viseme.SIL),), (word,))
                at += length

    text = "<speak><say-as interpret-as='characters'>ab1</say-as> is the code</speak>"
    speech = await heard(Narrated(Spelling(), "en-US"), text)
    code, following = words(speech)[:2]
    assert (code.text, following.text) == ("ab1", "is")
    assert code.start < code.end <= following.start
