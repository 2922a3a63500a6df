"""Chinese measures, percentages, fractions and counts."""

from __future__ import annotations

import re

from avatars.voices.text.rules import Found, Rule, rule
from avatars.voices.text.zh.money import big_of
from avatars.voices.text.zh.numbers import MINUS, NUMBER, cardinal, counted, digits, whole

UNITS = {
    "km": "公里", "m": "米", "cm": "厘米", "mm": "毫米", "µm": "微米", "μm": "微米", "nm": "纳米", "kg": "公斤",
    "㎏": "公斤", "g": "克", "mg": "毫克", "t": "吨", "lb": "磅", "lbs": "磅", "oz": "盎司", "L": "升", "l": "升",
    "mL": "毫升", "ml": "毫升", "㎡": "平方米", "m²": "平方米", "m2": "平方米", "m³": "立方米", "m3": "立方米",
    "km²": "平方公里", "km2": "平方公里", "cm²": "平方厘米", "cm2": "平方厘米", "cm³": "立方厘米", "ha": "公顷",
    "ft": "英尺", "in": "英寸", "mi": "英里", "min": "分钟", "mins": "分钟", "h": "小时", "hr": "小时", "hrs": "小时",
    "s": "秒", "ms": "毫秒", "W": "瓦", "kW": "千瓦", "MW": "兆瓦", "kWh": "千瓦时", "V": "伏", "mA": "毫安",
    "mAh": "毫安时", "Hz": "赫兹", "kHz": "千赫兹", "MHz": "兆赫兹", "GHz": "吉赫兹", "dB": "分贝", "J": "焦耳",
    "kJ": "千焦", "cal": "卡路里", "kcal": "千卡", "Pa": "帕", "hPa": "百帕", "kPa": "千帕", "px": "像素",
    "°C": "摄氏度", "℃": "摄氏度", "ºC": "摄氏度", "°F": "华氏度", "℉": "华氏度", "°": "度", "GB": "G-B", "MB": "M-B",
    "TB": "T-B", "KB": "K-B", "Mbps": "兆比特每秒", "Gbps": "吉比特每秒", "fps": "帧每秒", "rpm": "转每分",
    "km/h": "公里每小时",
    "㎞/h": "公里每小时", "m/s": "米每秒", "㎞": "公里", "㎝": "厘米", "㎜": "毫米", "%": "", "％": "", "‰": "",
}  # fmt: skip
_UNIT = "|".join(re.escape(each) for each in sorted((u for u in UNITS if UNITS[u]), key=len, reverse=True))
_TO = r"\s?(?:[-–—~～]|--)\s?"
_EDGE = r"(?![A-Za-z0-9²³])"
_SIGN = rf"(?:(?<![A-Za-z0-9)）\]])[{MINUS}+])"
MEASURES = (
    "个半小时|个|位|名|只|张|本|块|条|件|间|层(?!楼)|次|杯|瓶|天|夜|晚|周|家|台|辆|部|场|份|套|双|对|米|公里|千米|厘米|毫米|公斤|千克|斤|克|吨|升|毫升|元|块钱|"
    "角|小时|分钟|秒钟|秒|岁|人|年|种|倍|支|颗|棵|座|幅|段|篇|句|页|行|列|组|批|站|趟|遍|回|口|头|匹|朵|片|包|盒|箱|袋|碗|盘|桶|圈|步|点|平方米|立方米|美元|欧元|英镑|款|"
    "门|所|处|顿|轮|盏|面|根|道|项|代|亩"
)
_HALVES = {
    "½": "二分之一",
    "⅓": "三分之一",
    "⅔": "三分之二",
    "¼": "四分之一",
    "¾": "四分之三",
    "⅕": "五分之一",
    "⅛": "八分之一",
}


def _below(number: str, unit: str) -> str:
    """A temperature below zero, any other number with its sign."""
    if unit in ("摄氏度", "华氏度", "度") and number[:1] in MINUS:
        return f"零下{cardinal(number.lstrip(MINUS))}"
    return counted(number)


def _measure(found: Found) -> str | None:
    unit = UNITS[found["unit"]]
    if found["second"]:
        first = _below(found["number"], unit)
        if first.startswith("零下") and found["second"][:1] not in MINUS:
            return f"{first}{unit}到{_below(found['second'], unit)}{unit}"
        return f"{first}到{_below(found['second'], unit)}{unit}"
    return f"{_below(found['number'], unit)}{unit}"


def _percent(found: Found) -> str | None:
    of = "千分之" if found["sign"] == "‰" else "百分之"

    def one(number: str) -> str:
        if number == "100":
            return f"{of}{'百' if of == '百分之' else '一百'}"
        front = "负" if number[:1] in MINUS else ""
        return f"{front}{of}{cardinal(number.lstrip(MINUS + '+'))}"

    if not found["second"]:
        return one(found["number"])
    return f"{one(found['number'])}到{cardinal(found['second']) if not found['both'] else one(found['second'])}"


def _fraction(found: Found) -> str | None:
    top, bottom = found["top"], found["bottom"]
    if (top, bottom) == ("24", "7"):
        return "全天候"
    if int(top) == 0 or int(bottom) == 0 or int(top) >= int(bottom):
        return f"{cardinal(top)}比{cardinal(bottom)}" if re.search(r"比分|比例", found.before()) else (
            f"{cardinal(top)}，{cardinal(bottom)}")  # fmt: skip
    front = f"{whole(found['front'])}又" if found["front"] else ""
    return f"{front}{whole(bottom)}分之{whole(top)}"


def _range(found: Found) -> str | None:
    first, second = found["a"], found["b"]
    if re.match(r"\s?[=＝]", found.after()):
        return None
    if re.search(r"(?:比分|战胜|击败|大胜|负于|战平|领先|以)[^，。]{0,6}$", found.before()) or re.match(
        r"\s?(?:战胜|击败|大胜|险胜|负于|战平|领先|取胜|获胜)", found.after()
    ):
        return f"{cardinal(first)}比{cardinal(second)}"
    behind = found.after(4)
    both = counted(second) if re.match(rf"\s?(?:{MEASURES})", behind) and not found["big"] else cardinal(second)
    left = counted(first) if re.match(rf"\s?(?:{MEASURES})", behind) else cardinal(first)
    return f"{left}到{both}{big_of(found['big'])}"


def _sum(found: Found) -> str | None:
    said = {"+": "加", "-": "减", "−": "减", "–": "减", "×": "乘", "x": "乘", "*": "乘", "÷": "除以", "=": "等于",
            "＝": "等于", "＋": "加", "－": "减"}  # fmt: skip
    parts = re.findall(rf"{NUMBER}|[-+−–×x*÷=＝＋－]", found[0])
    return "".join(said.get(part) or cardinal(part) for part in parts)


def _counted(found: Found) -> str | None:
    return counted(found["n"]) + found["space"]


_N = rf"{_SIGN}?(?:{NUMBER})"
RULES: tuple[Rule, ...] = (
    rule(rf"(?<![A-Za-z0-9.,])(?:{NUMBER})(?:\s?[-+−–×x*÷＋－]\s?(?:{NUMBER}))+\s?[=＝]\s?-?(?:{NUMBER})?", _sum),
    rule(rf"(?<![A-Za-z0-9.,])(?:{NUMBER})(?:\s?[+÷＋]\s?(?:{NUMBER}))+(?![\w])", _sum),
    rule(rf"(?<![A-Za-z0-9.,/])(?P<number>{_N})(?P<both>[%％‰])?(?:{_TO}(?P<second>{NUMBER}))"
        rf"\s?(?P<sign>[%％‰])", _percent),
    rule(rf"(?<![A-Za-z0-9.,/])(?P<number>{_N})(?P<second>)\s?(?P<sign>[%％‰])", _percent),
    rule(rf"(?<![A-Za-z0-9.,])(?P<a>{NUMBER})\s?[×xX*]\s?(?P<b>{NUMBER})(?=小时|\s?[一-鿿]|\s?(?:{_UNIT})|$|"
        rf"[，。\s])", lambda found:
         f"{counted(found['a']) if found['a'] != '2' else '二'}乘{cardinal(found['b'])}"),
    rule(rf"(?<![A-Za-z0-9.,/])(?P<number>{_N})\s?(?:°C|℃|°)?(?:{_TO}(?P<second>{_N}))\s?(?P<unit>{_UNIT})"
        rf"{_EDGE}", _measure),
    rule(rf"(?<![A-Za-z0-9.,/:])(?P<number>{_N})(?P<second>)\s?(?P<unit>{_UNIT}){_EDGE}", _measure),
    rule(r"(?<![A-Za-z0-9.,/])(?:(?P<front>\d{1,3})[ 又])?(?P<top>\d{1,3})[/⁄](?P<bottom>\d{1,3})(?![A-Za-z0-9/]|"
        r"[.,]\d)", _fraction),
    rule(rf"(?P<front>\d{{1,4}})?(?P<glyph>[{''.join(_HALVES)}])", lambda found:
         (f"{whole(found['front'])}又" if found["front"] else "") + _HALVES[found["glyph"]]),
    rule(r"(?<![A-Za-z0-9.])(?P<a>\d{1,3})\s?[:：∶]\s?(?P<b>\d{1,3})(?![:：\d])", lambda found:
         f"{whole(found['a'])}比{whole(found['b'])}"),
    rule(rf"(?<![A-Za-z0-9.,/:-])(?P<a>{NUMBER})\s?(?:[-–—~～]|——|--)\s?(?P<b>{NUMBER})\s?(?P<big>万亿|千万|百万|[千万亿])"
        rf"?(?![A-Za-z0-9/:-]|[.,]\d)",
         _range),
    rule(r"(?<![A-Za-z0-9.,])(?P<n>\d{1,4})(?:st|nd|rd|th)(?![A-Za-z0-9])", lambda found: f"第{whole(found['n'])}"),
    rule(r"第\s?(?P<n>\d{1,9})", lambda found: f"第{whole(found['n'])}"),
    rule(r"(?<![A-Za-z0-9])(?:No|NO|no)\.\s?(?P<n>\d{1,4})(?!\d)", lambda found: f"第{whole(found['n'])}"),
    rule(rf"(?<![A-Za-z0-9.,])(?P<n>2)(?P<space>\s?)(?=(?:{MEASURES}))(?!年级|层楼|点\d|号|楼)", _counted),
    rule(r"(?<![A-Za-z0-9.,])(?P<n>[248])K(?=\s?(?:屏|视频|电视|分辨|高清|超清|画质|影|显示|直播))", lambda found:
         f"{whole(found['n'])}K"),
    rule(rf"(?<![A-Za-z0-9.,])(?P<number>{_N})\s?(?P<big>[kKwW])(?![A-Za-z0-9])", lambda found:
         counted(found["number"]) + big_of(found["big"])),
    rule(r"(?<![A-Za-z0-9.,])2(?=\s?[千万亿])", lambda found: "两"),
    rule(r"(?<![A-Za-z0-9.])\d+(?:\.\d+){2,}(?![A-Za-z0-9])", lambda found: "点".join(
        whole(each) if len(each) < 5 and (each == "0" or not each.startswith("0")) else digits(each)
            for each in found[0].split("."))),
    rule(r"(?<![A-Za-z0-9,.])\d{1,3}(?:[ \u00a0\u202f]\d{3}){2,}(?![A-Za-z0-9])", lambda found:
         whole("".join(re.findall(r"\d", found[0])))),
    rule(rf"(?<![A-Za-z0-9.,])(?P<number>{_SIGN}?(?:{NUMBER}))(?![A-Za-z0-9]|"
        rf"\.\d)", lambda found: cardinal(found["number"])),
    rule(rf"(?P<number>{NUMBER})", lambda found: cardinal(found["number"])),
    rule(r"\d{1,100}", lambda found: digits(found[0])),
)  # fmt: skip
