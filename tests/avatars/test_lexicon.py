"""The pronunciation lexicon: which entry gives a word its sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatars.voices import lexicon
from avatars.voices.lexicon import Entry, Lexicon
from avatars.voices.lexicon_file import ENTRIES, read_lexicon
from avatars.voices.text.edits import narration
from avatars.voices.text.homophones import homophones
from visavis.errors import ConfigError


def said(text: str, *entries: Entry, language: str = "en-US", voice: str = "") -> str:
    return narration(text, lexicon.of(entries).edits(text, language, voice)).text


XL = Entry("xl", "XL", alias="extra large")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Size XL, please", "Size extra large, please"),
        ("size xl", "size extra large"),
        ("an XLR cable", "an XLR cable"),
        ("MXL and XL2", "MXL and XL2"),
        ("XL's shirt (XL)", "extra large's shirt (extra large)"),
        ("有XL号吗", "有extra large号吗"),
    ],
)
def test_a_latin_word_is_replaced_as_a_whole_word_alone(text: str, spoken: str) -> None:
    assert said(text, XL) == spoken


def test_case_matters_only_where_the_entry_says_so() -> None:
    assert said("It is us, the US.", Entry("us", "US", alias="the States", exact=True)) == "It is us, the the States."


def test_the_longest_entry_goes_first_wherever_it_begins() -> None:
    entries = (Entry("a", "银行", alias="一"), Entry("b", "行长", alias="二"), Entry("c", "银行行长", alias="三"))
    assert said("银行行长在银行", *entries, language="zh") == "三在一"
    overlap = (Entry("a", "长城", alias="短"), Entry("b", "城市长", alias="更长"))
    assert said("长城市长", *overlap, language="zh") == "长更长"


def test_of_equals_the_voices_own_goes_before_the_languages_before_the_general() -> None:
    general, english = Entry("a", "data", alias="one"), Entry("b", "data", language="en", alias="two")
    own, british = Entry("c", "data", voice="mia", alias="three"), Entry("d", "data", language="en-GB", alias="four")
    assert said("data", general, english) == "two"
    assert said("data", general, english, own, voice="mia") == "three"
    assert said("data", general, english, british, language="en-GB") == "four"
    assert said("data", general, english, british, language="de") == "one"


def test_pinyin_is_spoken_by_characters_of_the_same_sound() -> None:
    entry = Entry("a", "重庆", language="zh", pinyin="chong2 qing4")
    edit = lexicon.of([entry]).edits("去重庆", "zh-CN")[0]
    assert (edit.begin, edit.end) == (1, 3)
    assert edit.text == homophones("chóng qìng") != "重庆"
    assert said("Visit 重庆", Entry("a", "重庆", pinyin="chong2 qing4")) == "Visit chong qing"


def test_every_syllable_of_a_homophone_has_the_sound_that_was_asked_for() -> None:
    from pypinyin import Style, lazy_pinyin

    for pinyin in ("chong2 qing4", "lü4 se4", "nv3 er2", "hang2 zhang3", "le5", "zhuang1", "xiong2"):
        characters = homophones(pinyin)
        assert characters
        heard = lazy_pinyin(characters, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
        assert " ".join(heard) == pinyin.replace("v", "ü")
    assert homophones("blorg1") is None
    assert homophones("") is None


def test_phonemes_come_with_the_alias_for_voices_that_take_none() -> None:
    edit = lexicon.of([Entry("a", "Louvre", alias="loo-vruh", ipa="ˈluːvɹə")]).edits("The Louvre", "en")[0]
    assert (edit.text, edit.ipa) == ("loo-vruh", "ˈluːvɹə")


def test_the_version_changes_with_any_entry() -> None:
    versions = {
        lexicon.NOTHING.version, lexicon.of([XL]).version, lexicon.of([Entry("xl", "XL", alias="large")]).version,
        lexicon.of([Entry("xl", "XL", alias="extra large", voice="mia")]).version,
    }  # fmt: skip
    assert len(versions) == 4
    assert lexicon.of([XL]).version == Lexicon((XL,)).version


# ── files ──
def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_files_are_read_together(tmp_path: Path) -> None:
    write(tmp_path, en="lexicon: en\nlanguage: en\nentries: [{id: a, grapheme: XL, alias: extra large}]\n")
    write(tmp_path, zh="lexicon: zh\nentries: [{id: b, grapheme: 重庆, language: zh, pinyin: chóng qìng}]\n")
    assert [(each.id, each.language) for each in read_lexicon(tmp_path).entries] == [("a", "en"), ("b", "zh")]
    assert read_lexicon(tmp_path / "none").entries == ()


@pytest.mark.parametrize(
    ("entries", "line", "key"),
    [
        ("- {id: a, grapheme: XL}", 3, "entries[0]"),
        ("- {id: a, grapheme: XL, alias: x}\n- {id: a, grapheme: L, alias: y}", 4, "entries[1].id"),
        ("- {id: a, grapheme: XL, pinyin: hello9}", 3, "entries[0].pinyin"),
        ("- {id: a, grapheme: XL, ipa: 12}", 3, "entries[0].ipa"),
        ("- {id: a, grapheme: XL, alias: x, cased: true}", 3, "entries[0].cased"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path, entries: str, line: int, key: str) -> None:
    write(tmp_path, en=f"lexicon: en\nentries:\n{entries}\n")
    with pytest.raises(ConfigError) as told:
        read_lexicon(tmp_path)
    assert (told.value.line, told.value.key) == (line, key)
    assert told.value.remedy


def test_there_is_an_end_to_how_many_entries_are_taken(tmp_path: Path) -> None:
    rows = "".join(f"  - {{id: e{i}, grapheme: w{i}, alias: x}}\n" for i in range(ENTRIES + 1))
    half = rows.splitlines(keepends=True)
    write(
        tmp_path, a="lexicon: a\nentries:\n" + "".join(half[:1500]), b="lexicon: b\nentries:\n" + "".join(half[1500:])
    )
    with pytest.raises(ConfigError, match=r"b\.yaml:\d+: entries\[500\]: there are more than 2,000 entries in all"):
        read_lexicon(tmp_path)


def test_the_shipped_lexicons_can_be_used() -> None:
    found = read_lexicon(Path(__file__).parents[2] / "configs" / "lexicon")
    assert {each.language for each in found.entries} == {"en", "zh"}
