"""Personal data and links are found and masked, and nothing else is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.checksums import chinese_id, iban, luhn
from agent.redact import links, personal, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail a.b+c@example.co.uk please", "mail [e-mail address] please"),
        ("john (at) example (dot) com", "[e-mail address]"),
        ("call 555-123-4567", "call [phone]"),
        ("call (555) 123-4567 now", "call [phone] now"),
        ("+44 20 7946 0958", "[phone]"),
        ("我的电话是138 0013 8000", "我的电话是[phone]"),
        ("打１３８００１３８０００", "打[phone]"),
        ("一三八零零一三八零零零", "[phone]"),
        ("1.3.8.0.0.1.3.8.0.0.0", "[phone]"),
        ("壹叁捌零零壹叁捌零零零", "[phone]"),
        ("①③⑧⑨⑨①③⑧⑨⑨⑨", "[phone]"),
        ("座机010-62345678", "座机[phone]"),
        ("400-810-8888", "[phone]"),
        ("five five five one two three four", "[phone]"),
        ("身份证11010519491231002X", "身份证[ID number]"),
        ("my ssn is 123-45-6789", "my ssn is [ID number]"),
        ("4111 1111 1111 1111", "[card number]"),
        ("DE89 3704 0044 0532 0130 00", "[account number]"),
        ("加微信abc12345", "加[contact]"),
        ("住在8号楼3单元502室", "住在[address]"),
        ("see https://example.com/a?b=c now", "see [link] now"),
        ("请看example.com网站", "请看[link]网站"),
        ("www.example.museum", "[link]"),
        ("t.me/joinus", "[link]"),
        ("example[.]com", "[link]"),
    ],
)
def test_it_is_masked(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2024-11-20 10:30",
        "from 1914-1918",
        "1,234,567.89 euros",
        "ISBN 978-3-16-148410-0",
        "We open 9-17, e.g. daily. It is 3.5 km.",
        "node.js is fine",
        "room 3-101-2024",
        "15 20 30 40 50 60 70",
        "thanks.it is fine",
        "U.S.A.",
        "version 1.2.3",
        "一九八四年十月一日",
        "4111 1111 1111 1112",
        "110105194912310021",
        "the dot com bubble",
        "三点半",
        "a.m. or p.m.",
        "10:30-17:45",
        "100-2000 people",
        "12345678901234567890123",
        "meet at the park",
    ],
)
def test_it_is_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_checksums() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert not luhn("0000000000000000")
    assert iban("GB82WEST12345698765432")
    assert not iban("GB82WEST12345698765433")
    assert chinese_id("11010519491231002X")
    assert not chinese_id("110105194912310021")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789 -.@a点com/(+)一三八\n")))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    for found in (personal(text), links(text)):
        assert all(one.end <= two.start for one, two in itertools.pairwise(found))
        assert all(0 <= each.start < each.end <= len(text) for each in found)
    redacted(text)
