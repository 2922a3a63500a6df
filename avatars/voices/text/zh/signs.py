"""Signs and Roman numerals in Chinese text."""

from __future__ import annotations

import re
import unicodedata

from avatars.voices.text.en.numbers import roman
from avatars.voices.text.rules import Found, Rule, rule
from avatars.voices.text.zh.numbers import whole


def _roman(found: Found) -> str | None:
    value = roman(unicodedata.normalize("NFKC", found["roman"]).upper())
    return whole(str(value)) if value else None


RULES: tuple[Rule, ...] = (
    rule(r"(?P<roman>[Ⅰ-Ⅻⅰ-ⅻ])", _roman),
    rule(r"(?<=[第章卷部级期型类代])\s?(?P<roman>[IVX]{1,5})(?![A-Za-z])", _roman),
    rule(r"(?<![A-Za-z])(?:vs|VS|Vs)\.?(?![A-Za-z])", lambda found: "对"),
    rule(r"\s?&\s?", lambda found: "和"),
    rule(r"(?<=[一-鿿])\s?[+＋](?=\s?[一-鿿A-Za-z])", lambda found: "加"),
    rule(r"(?<=[一-鿿])\s?[=＝](?=\s?\S)", lambda found: "等于"),
    rule(r"(?<=[元块角])\s?/\s?(?=[一-鿿])", lambda found: "每"),
    rule(r"(?<=[一-鿿])\s?/\s?(?=[一-鿿])", lambda found: "、"),
    rule(r"(?<=[元块度米天人岁号点分月日年秒克])\s?[~～—–-]\s?(?=[¥￥$]?\d)", lambda found: "到"),
    rule(r"[~～≈](?=\s?\d)", lambda found: "大约"),
    rule(r"[≥]", lambda found: "大于等于"),
    rule(r"[≤]", lambda found: "小于等于"),
    rule(r"[>＞](?=\s?\d)", lambda found: "大于"),
    rule(r"[<＜](?=\s?\d)", lambda found: "小于"),
    rule(r"±(?=\s?\d)", lambda found: "正负"),
    rule(r"℃", lambda found: "摄氏度"),
    rule(r"№\s?", lambda found: "第"),
    rule(r"\s?[→⇒➜]\s?", lambda found: "，"),
    rule(r"[©®™]", lambda found: ""),
    rule(r"\*{1,3}|`{1,3}|~~|^\s{0,3}\#{1,6}\s|\|", lambda found: "", re.MULTILINE),
)
