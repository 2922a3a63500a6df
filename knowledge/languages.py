"""The languages that a file may be in: BCP-47 tags that begin with a code of ISO 639."""

from __future__ import annotations

import re

_TAG = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_TWO_LETTERS = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_MEANT = {
    "cn": "zh", "jp": "ja", "gr": "el", "cz": "cs", "dk": "da", "ua": "uk", "vn": "vi", "gb": "en-GB", "us": "en-US",
    "chinese": "zh", "english": "en", "german": "de", "french": "fr", "spanish": "es", "japanese": "ja",
}  # fmt: skip


def language(tag: str) -> str:
    """The tag itself. Raises ValueError with a remedy for one that names no language."""
    found = _TAG.fullmatch(tag)
    if found and (len(found[1]) == 3 or found[1].lower() in _TWO_LETTERS.split()):
        return tag
    meant = _MEANT.get(re.split("[-_]", tag)[0].lower()) or tag.replace("_", "-")
    remedy = f"write {meant}" if meant != tag and _TAG.fullmatch(meant) else "write for example en, en-GB or zh-CN"
    raise ValueError(f"{tag!r} names no language; {remedy}")
