"""Pictures that come with a question, checked before anybody looks at them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Literal

from visavis.words import Picture

BYTES = 4 * 1024 * 1024
"""The largest picture."""
COUNT = 4
"""Pictures of one question."""
_DATA = re.compile(r"data:(image/(?:png|jpeg|webp));base64,")
Media = Literal["image/png", "image/jpeg", "image/webp"]


def pictures(addresses: Sequence[str]) -> tuple[Picture, ...]:
    """The pictures of one question. Raises ValueError as `picture`, and for too many."""
    if len(addresses) > COUNT:
        raise ValueError(f"a question takes {COUNT} pictures; send fewer")
    return tuple(picture(each) for each in addresses)


def picture(address: str) -> Picture:
    """The picture in a `data:` address. Raises ValueError that says what is wrong with it; nothing is fetched."""
    found = _DATA.match(address[:40])
    if found is None:
        raise ValueError("a picture is sent as data:image/png, image/jpeg or image/webp in base64; send it so")
    if len(address) > BYTES * 4 // 3 + 64:
        raise ValueError(f"the picture is larger than {BYTES // 1024 // 1024} MB; send a smaller one")
    try:
        data = base64.b64decode(address[found.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the picture is not base64; encode it again") from None
    media = _media(data)
    if media is None or media != found[1]:
        raise ValueError(f"the picture is no {found[1].partition('/')[2].upper()}; name what it is")
    return Picture(data, media)


def _media(data: bytes) -> Media | None:
    """What the first bytes say it is."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
