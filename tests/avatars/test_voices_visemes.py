"""From phonemes to mouth shapes."""

from __future__ import annotations

import pytest

from avatars.voices import visemes
from avatars.voices.timeline import MouthTimeline, Phoneme
from visavis.words import Viseme

EN_US = (
    "n s l k ɹ t ə d ɪ m z b ɚ p ɛ æ i f ɡ ɑː ŋ v eɪ h ᵻ ʃ w dʒ oʊ ɾ iː ʌ aɪ uː əl tʃ ɐ ɜː j ɑːɹ ɔː ɔːɹ θ iə "
    "aʊ ɔ ʊ ɪɹ ɔɪ ð ʊɹ ɛɹ aɪɚ ʒ ʔ n̩ x r aɪə o ɝ"
)
EN_GB = "a ɒ əʊ eə ʊə ɔ"
MANDARIN = (
    "n i ŋ j iɛ ɑ tɕ l u ɑu ɕ w a ts. ə χ t tɕh ts.h th k p m s. y onɡ f ph uo o- iɑ uei kh ei ou i. ts s ai tsh "
    "uə iou yæ ʐ ua o i̪ yə yɛ uai ər yi io ŋ-"
)


@pytest.mark.parametrize("phonemes", [EN_US, EN_GB, MANDARIN], ids=["en-us", "en-gb", "cmn"])
def test_every_symbol_that_the_voice_writes_is_in_the_table(phonemes: str) -> None:
    known = {*visemes.VOWELS, *visemes.CONSONANTS, *visemes.ASPIRATES}
    for phoneme in phonemes.split():
        assert set(visemes.symbols(phoneme)) <= known, phoneme
        assert visemes.shapes(phoneme) or visemes.is_aspirate(phoneme), phoneme


@pytest.mark.parametrize(
    ("phoneme", "expected"),
    [
        ("p", "PP"), ("m", "PP"), ("f", "FF"), ("θ", "TH"), ("ɾ", "DD"), ("ɡ", "kk"), ("ʃ", "CH"), ("z", "SS"),
        ("n̩", "nn"), ("ɹ", "RR"), ("ˈɑː", "aa"), ("ɛ", "E"), ("ˌiː", "I"), ("ɔː", "O"), ("w", "U"), ("ɚ", "RR"),
        ("ˈaɪ", "aa I"), ("oʊ", "O U"), ("tʃ", "DD CH"), ("ˈɑːɹ", "aa RR"), ("ˈaɪɚ", "aa I RR"),
        ("ph", "PP"), ("tɕh", "DD CH"), ("ts.", "DD CH"), ("s.", "CH"), ("ˈonɡ", "O kk"), ("ˈiou", "I O U"),
        ("ˈyæ", "U aa"), ("ˈər", "E RR"), ("i̪", "I"),
        ("", ""), ("(en)", ""), ("(cmn)", ""), ("h", ""), ("˥", ""),
    ],
)  # fmt: skip
def test_a_phoneme_has_its_shapes(phoneme: str, expected: str) -> None:
    found = visemes.shapes(phoneme)
    assert " ".join(shape.value for shape, _ in found) == expected
    assert not found or sum(share for _, share in found) == pytest.approx(1.0)


@pytest.mark.parametrize("phoneme", ["ƥ", "ꟃ", "ʘ", "ǃ", "ﬀ", "字", "\ud800"])
def test_a_strange_symbol_still_has_a_shape_or_none(phoneme: str) -> None:
    assert len(visemes.shapes(phoneme)) <= 1


def test_an_unknown_letter_moves_like_its_base() -> None:
    assert visemes.shapes("ƥ")[0][0] is Viseme.PP


def timeline(*phonemes: Phoneme, end: int) -> list[tuple[int, str]]:
    mouth = MouthTimeline(rate=10_000)
    shapes = [shape for phoneme in phonemes for shape in mouth.add(phoneme)]
    return [(at, shape.value) for at, shape in [*shapes, *mouth.end(end)]]


def test_a_diphthong_moves_and_the_end_is_silence() -> None:
    assert timeline(Phoneme(0, "m"), Phoneme(1_000, "aɪ"), end=2_000) == [
        (0, "PP"), (760, "aa"), (1_600, "I"), (2_000, "sil"),
    ]  # fmt: skip


def test_the_closure_before_a_burst_is_shut_and_the_burst_opens() -> None:
    """`apa`: the lips close where the sound stops, and open 10 ms after the burst."""
    assert timeline(Phoneme(0, "a"), Phoneme(1_500, "p", closure=500), Phoneme(1_900, "a"), end=3_000) == [
        (0, "aa"), (1_000, "PP"), (1_600, "aa"), (3_000, "sil"),
    ]  # fmt: skip


@pytest.mark.parametrize("hum", ["b", "m"])
def test_lips_that_hum_part_at_the_end_of_their_sound(hum: str) -> None:
    """24 ms before the next phoneme's event; other voiced sounds last until it."""
    assert timeline(Phoneme(0, "a"), Phoneme(1_500, hum), Phoneme(2_100, "a"), end=3_000) == [
        (0, "aa"), (1_500, "PP"), (1_860, "aa"), (3_000, "sil"),
    ]  # fmt: skip
    assert timeline(Phoneme(0, "a"), Phoneme(1_500, "d"), Phoneme(2_100, "a"), end=3_000)[2] == (2_100, "aa")


def test_lips_that_stay_shut_do_not_part_between_two_sounds() -> None:
    shapes = timeline(Phoneme(0, "a"), Phoneme(1_000, "m"), Phoneme(1_800, "b"), Phoneme(2_400, "a"), end=3_000)
    assert shapes == [(0, "aa"), (1_000, "PP"), (2_160, "aa"), (3_000, "sil")]


def test_a_hum_too_short_to_end_before_the_next_sound_lasts_10_ms() -> None:
    shapes = timeline(Phoneme(0, "a"), Phoneme(1_000, "m"), Phoneme(1_200, "a"), end=3_000)
    assert shapes == [(0, "aa"), (1_000, "PP"), (1_100, "aa"), (3_000, "sil")]


def test_breath_takes_the_shape_of_what_follows() -> None:
    assert timeline(Phoneme(0, "h"), Phoneme(500, "uː"), end=1_000) == [(0, "U"), (1_000, "sil")]


def test_only_a_long_pause_rests_the_mouth() -> None:
    short = timeline(Phoneme(0, "a"), Phoneme(1_000, ""), Phoneme(1_100, "i"), end=2_000)
    long = timeline(Phoneme(0, "a"), Phoneme(1_000, ""), Phoneme(3_000, "i"), end=4_000)
    assert [shape for _, shape in short] == ["aa", "I", "sil"]
    assert [shape for _, shape in long] == ["aa", "sil", "I", "sil"]


def test_no_shape_comes_before_what_was_called_known() -> None:
    mouth = MouthTimeline(rate=10_000)
    for start in range(0, 20_000, 700):
        known = mouth.known_until
        shapes = mouth.add(Phoneme(start, "pat"[start // 700 % 3], closure=600))
        assert all(at >= known for at, _ in shapes)
