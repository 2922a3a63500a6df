"""Chinese readings of what is typed rather than said: links, mail addresses, telephone numbers, codes, initials."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import letters
from avatars.voices.text.en.words import SPELLED
from avatars.voices.text.rules import Found, Rule, rule
from avatars.voices.text.zh.numbers import digits, grouped, spelled, whole

_MARKS = {".": "点", "/": "斜杠", "-": "横杠", "_": "下划线", "@": "艾特", "?": "问号", "=": "等于", "&": "和",
          "#": "井号", "%": "百分号", "+": "加", ":": "冒号", "~": "波浪线"}  # fmt: skip
_SPELLED = frozenset(["www", "http", "https", "html", "pdf", "faq", "id", "api", "cn", "vip", "qq", "cc", "tv", "io"])
_TLD = (
    r"(?:com|org|net|edu|gov|info|io|ai|co|cn|uk|de|fr|eu|us|jp|kr|tw|hk|sg|museum|shop|app|dev|tv|me|cc|biz|"
    r"xyz|top)"
)
_PHONE_WORD = re.compile(
    r"(?:电话|手机|热线|致电|拨打|号码|传真|联系方式|客服|座机|微信|呼叫|咨询|打|Tel|tel|TEL|拨)(?:[是为：:\s]|号码)*$"
)
_CODE_WORD = re.compile(
    r"(?:房间|房号|房|航班|车次|编号|订单|订单号|工号|密码|验证码|取件码|取票码|核销码|兑换码|券码|单号|尾号|学号|卡号|账号|邮编|邮政编码|分机|分机号|代码|车牌|牌号|"
    r"QQ|QQ号|QQ群|群号|群|WiFi密码|id|ID|编码|会员号|座位|柜号|展厅编号|门牌)(?:[是为：:\s]|号码|号)*$"
)
_HOTLINE = frozenset(["110", "119", "120", "122", "114", "10086", "10000", "10010", "12315", "12306", "12345", "95588",
                      "95555", "95533", "12123", "911"])  # fmt: skip


_ALARM = re.compile(
    r"(?:报警|急救|火警|匪警|消防|交警|救护车?|求助|打|拨|电话|热线|致电|呼叫|联系|客服|请|或|、)[^0-9，。]{0,3}$"
)
_ALARMED = re.compile(r"\s?(?:热线|电话|报警|急救|求助|客服|平台|指挥中心|中心|举报|投诉)")
_COUNTED = re.compile(r"\s?(?:[元块人个只件次米公千克斤吨万亿年月天页字名位条张票套台%多余路号]|分钟|小时)")
_SALE = re.compile(r"\s?(?:大促|购物|年中|狂欢|预售|促销|优惠|活动|期间|当天|盛典|抢购)|节")


def address(text: str) -> str:
    """A link or a mail address, part by part."""
    said: list[str] = []
    for part in re.findall(r"[A-Za-z]+|\d+|.", text):
        if part.isdigit() and part.isascii():
            said.append(digits(part))
        elif part in _MARKS:
            said.append(_MARKS[part])
        elif part.lower() in _SPELLED or (part.isascii() and part.isalpha() and len(part) == 1):
            said.append(letters(part))
        elif part.isalnum():
            said.append(part)
    return " ".join(said)


def _url(found: Found) -> str | None:
    link = re.sub(r"^[a-z]+://", "", found[0], flags=re.IGNORECASE).rstrip("/")
    return address(link) if link else None


def telephone(text: str) -> str:
    """A telephone number: 幺 for one, a pause between the groups."""
    text = re.sub(r"(?<!\d)(\d{4})(\d{4})(?!\d)", r"\1 \2", text)
    plus = "加" if text.lstrip().startswith("+") else ""
    groups = re.findall(r"\d+", text)
    if len(groups) == 1:
        number = groups[0]
        if len(number) == 11 and number[0] == "1":
            groups = [number[:3], number[3:7], number[7:]]
        elif len(number) >= 7:
            head = len(number) % 4 or 4
            groups = [number[:head], *(number[i : i + 4] for i in range(head, len(number), 4))]
    return plus + "，".join(spelled(each) for each in groups)


def _phone(found: Found) -> str | None:
    return telephone(found[0]) if 7 <= sum(each.isdigit() for each in found[0]) <= 15 else None


def _called(found: Found) -> str | None:
    if _PHONE_WORD.search(found.before(12)):
        return telephone(found[0])
    if found[0] not in _HOTLINE or _COUNTED.match(found.after(4)):
        return None
    alone = len(found[0]) > 4 and not re.search(r"[共有约近达超过第]\s?$", found.before(4))
    return telephone(found[0]) if alone or _ALARM.search(found.before(10)) or _ALARMED.match(found.after()) else None


def _sale(found: Found) -> str | None:
    """618 and 11.11, the festivals of shopping."""
    if not _SALE.match(found.after(4)) and not re.search(r"(?:天猫|京东|淘宝|年中)\s?$", found.before(4)):
        return None
    return digits(found[0]) if found[0] == "618" else f"双{whole(found[0].partition('.')[0])}"


def _port(found: Found) -> str:
    """A machine's address, and the port on it."""
    port = f"，端口{spelled(found['port'])}" if found["port"] else ""
    return "点".join(spelled(each) for each in found["ip"].split(".")) + port


def _code(found: Found) -> str | None:
    """Letters and digits that name a thing: 航班CA1234, B12."""
    number = found["number"]
    said = spelled(number) if len(number) > 2 or number.startswith("0") else whole(number)
    rest = letters(found["rest"]) if found["rest"] else ""
    return f"{letters(found['front'])} {said}{rest}"


def _named(found: Found) -> str | None:
    return grouped(found[0]) if len(found[0]) > 2 and _CODE_WORD.search(found.before(12)) else None


def _initials(found: Found) -> str | None:
    word = found["word"]
    if word in SPELLED or word in ("APP", "IT", "LA", "US", "AM") or (not re.search(r"[AEIOUY]", word)):
        return letters(word)
    return None


RULES: tuple[Rule, ...] = (
    rule(r"(?<![A-Za-z0-9@.+-])(?P<mail>[A-Za-z0-9_.+%-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", lambda found:
         address(found["mail"])),
    rule(r"(?<![A-Za-z0-9@])(?:(?:https?|ftp)://|www\.)[\x21\x23-\x3b\x3d\x3f-\x7e]*[A-Za-z0-9/]", _url, re.IGNORECASE),
    rule(rf"(?<![A-Za-z0-9@./-])(?:[a-z0-9-]+\.)+{_TLD}(?:/[A-Za-z0-9_./?=&%#~-]*[A-Za-z0-9_/])"
        rf"?(?![A-Za-z0-9@-]|\.\w)", _url),
    rule(r"(?<![A-Za-z0-9.,/-])\+\d{1,3}[\d\s-]{6,16}\d(?!\d)", _phone),
    rule(r"(?<![A-Za-z0-9.,/-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", _phone),
    rule(r"(?<![A-Za-z0-9.,/-])[（(]?0\d{2,3}[)）]?[ -]?\d{3,4}[ -]?\d{4}(?![\d.-])", _phone),
    rule(r"(?<![A-Za-z0-9.,/-])[48]00[ -]?\d{3,4}[ -]\d{3,4}(?!\d)", _phone),
    rule(r"(?<![A-Za-z0-9.,/-])\d{3,4}-\d{3,4}(?:-\d{3,4})?(?![\d-])", _called),
    rule(r"(?<![A-Za-z0-9.,/-])(?:618|11\.11|12\.12)(?![A-Za-z0-9-]|[.,]\d)", _sale),
    rule(r"(?<![A-Za-z0-9.,/-])\d{3,15}(?![A-Za-z0-9-]|[.,]\d)", _called),
    rule(r"(?<![A-Za-z0-9.])(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?::(?P<port>\d{1,5}))?(?![\d.:])", _port),
    rule(r"(?<![A-Za-z0-9.,/-])\d{4}(?:[ -]\d{4}){2,4}(?!\d)", lambda found: grouped(found[0])),
    rule(r"(?<![A-Za-z0-9.,/-])\d{3,}(?:[ -]\d{2,})*(?![\d/:]|[.,]\d)(?!\s?[元%个人年])", _named),
    rule(r"(?<![A-Za-z0-9.,/有共个-])\d{3,4}(?=号?房间?(?!屋|子|产|地)|室)", lambda found: spelled(found[0])),
    rule(r"(?<![A-Za-z0-9.])(?P<front>[A-Z]{1,4})[ -]?(?P<number>\d{1,6})(?P<rest>[A-Z]{0,2})(?![A-Za-z0-9-])", _code),
    rule(r"(?<![A-Za-z0-9.-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z0-9]{4,}(?:-[A-Z0-9]+)"
        r"*(?![A-Za-z0-9])", lambda found:
         None if re.fullmatch(r"\d+[A-Z]{1,4}", found[0]) else letters(found[0])),
    rule(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9]*_\w*[A-Za-z0-9]", lambda found: address(found[0])),
    rule(r"(?<=[A-Za-z])\d{3,}(?![A-Za-z0-9])", lambda found: spelled(found[0])),
    rule(r"(?<![A-Za-z0-9'&-])(?P<word>[A-Z]{2,6})(?![A-Za-z'&])", _initials),
    rule(r"(?<![A-Za-z0-9.,])0\d+(?![A-Za-z0-9]|[.,]\d)", lambda found: digits(found[0])),
)  # fmt: skip
