"""Web pages: title, headings, paragraphs, lists and tables; menus, scripts, forms and footers are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.documents import tables
from knowledge.documents.blocks import Block, Unreadable, join

_SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "script style noscript template head nav footer aside form button select svg canvas iframe object video audio "
        "input textarea dialog math",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote body center dd details div dl dt fieldset figcaption figure header hgroup hr html "
        "li main ol p pre section summary table ul br h1 h2 h3 h4 h5 h6",
    )
)
_HEADS = {f"h{level}": level for level in range(1, 7)}
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"})
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|breadcrumbs?|cookies?|cookie-?(?:banner|consent|notice)|sidebar|skip-?link|"
    r"site-?(?:header|footer|menu)|social|share)(?:$|[-_ ])",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=""", re.IGNORECASE)
_SPAN_LIMIT = 50


def read(raw: bytes) -> list[Block]:
    """The blocks of an HTML page. Raises Unreadable."""
    from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

    parser = html.HTMLParser(encoding=_encoding(raw), remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("there is no text in it", "check that it is the whole page") from error
    main = next(iter(root.xpath("//main | //*[@role='main']")), None)
    if main is None and len(articles := root.xpath("//article")) == 1:
        main = articles[0]
    page = _Page()
    blocks = list(page.walk(root if main is None else main)) + list(page.flush())
    title = join(["".join(root.xpath("string(//title)"))])
    if title and not any(each.kind == "heading" and each.level == 1 for each in blocks):
        blocks.insert(0, Block("heading", title, 1))
    return blocks


def _encoding(raw: bytes) -> str | None:
    """UTF-8 where it is; else what the page itself says."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        if not _CHARSET.search(raw[:4096]):
            raise Unreadable("it is not UTF-8 text and does not say what it is", "save it as UTF-8") from None
        return None
    return "utf-8"


class _Page:
    def __init__(self) -> None:
        self._held: list[str] = []
        self._term = ""

    def flush(self, kind: Any = "text", level: int = 0) -> Iterator[Block]:
        text, self._held = join(["".join(self._held)]), []
        if text:
            yield Block(kind, text, level)

    def walk(self, node: Any) -> Iterator[Block]:
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _SKIPPED or _hidden(node):
            return
        if tag in _BLOCKS:
            yield from self.flush()
        if tag in _HEADS or tag == "summary":
            yield from self._whole(node, "heading", _HEADS.get(tag, 4))
        elif tag == "table" and not node.xpath(".//table"):
            yield from tables.rows(*_table(node))
        elif tag == "dl":
            yield from self._terms(node)
        elif tag == "li" and not node.xpath(".//ul | .//ol | .//p | .//table"):
            yield from self._whole(node, "item", 0)
        elif tag == "br":
            pass
        else:
            yield from self._inside(node)
            if tag in _BLOCKS:
                yield from self.flush("item" if tag == "li" else "text")

    def _inside(self, node: Any) -> Iterator[Block]:
        self._held.append(node.text or "")
        for child in node:
            yield from self.walk(child)
            self._held.append(child.tail or "")

    def _whole(self, node: Any, kind: str, level: int) -> Iterator[Block]:
        self._held = [_text(node)]
        yield from self.flush(kind, level)

    def _terms(self, node: Any) -> Iterator[Block]:
        """A list of terms: each with what is said of it."""
        pairs: list[list[str]] = []
        for child in node.xpath("./dt | ./dd | ./div/dt | ./div/dd"):
            if child.tag == "dt":
                pairs.append([_text(child), ""])
            elif pairs:
                pairs[-1][1] = join([pairs[-1][1], _text(child)])
        yield from tables.rows(pairs, header=False)


def _text(node: Any) -> str:
    """All text inside, without what is skipped; a block or a line break ends a word."""
    pieces = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and not _hidden(child):
            gap = " " if child.tag in _BLOCKS else ""
            pieces += [gap, _text(child), gap]
        pieces.append(child.tail or "")
    return "".join(pieces)


def _hidden(node: Any) -> bool:
    if node.tag in ("html", "body", "main"):
        return False
    names = f"{node.get('class', '')} {node.get('id', '')}"
    style = node.get("style", "").replace(" ", "").lower()
    return bool(
        node.get("role") in _ROLES
        or node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or "display:none" in style
        or (node.tag in ("div", "ul", "section", "a", "header", "span") and _AROUND.search(names))
    )


def _table(node: Any) -> tuple[list[list[str]], bool | None]:
    """The cells of a table, what spans several places repeated in each, and whether the first row names columns."""
    below: dict[int, tuple[int, str]] = {}
    cells: list[list[str]] = []
    heads: list[bool] = []
    for row in node.iter("tr"):
        line: list[str] = []
        own = [each for each in row if each.tag in ("td", "th")]
        for cell in own:
            _carry(line, below)
            text = join([_text(cell)])
            for _ in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    below[len(line)] = down - 1, text
                line.append(text)
        _carry(line, below)
        cells.append(line)
        heads.append(len(own) > 1 and all(each.tag == "th" for each in own))
    if heads and heads[0]:
        return cells, True
    return cells, False if node.xpath(".//th") else None


def _carry(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Put what reaches down from rows above into the places that come next."""
    while len(line) in below:
        left, text = below.pop(len(line))
        if left > 1:
            below[len(line)] = left - 1, text
        line.append(text)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1")
    return min(max(int(value), 1), _SPAN_LIMIT) if value.isdecimal() else 1
