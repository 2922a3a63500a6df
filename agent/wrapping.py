"""Takes off what models wrap around their answers: role marks, HTML, fences of code, an object of JSON.

What a model writes after the mark that ends its own part is somebody else's part made up, and is dropped.
"""

from __future__ import annotations

import json
import re

LONGEST = 16_000
"""Characters of a wrapped answer that are waited for."""
_MARK = re.compile(r"<\|([^|<>\s]{1,40})\|>|</?([A-Za-z][\w-]{0,20})(?:\s[^<>]{0,80})?/?>|<</?SYS>>|```")
_MAY_BECOME = re.compile(
    r"<(?:\|[^|<>\s]{0,40}\|?|/?[A-Za-z][\w-]{0,20}(?:\s[^<>]{0,80})?/?|/|</?[SY]{0,3}>?)?$|`{1,2}$"
)
_ENDS = frozenset(["im_end", "eot_id", "eot", "eom_id", "end", "endoftext", "end_of_text", "end_of_turn", "s"])
_BEGINS = frozenset(["im_start", "start_header_id", "start_of_turn"])
_BLOCK = re.compile(r"p|br|div|li|ul|ol|tr|h[1-6]", re.IGNORECASE)
_ROLE = re.compile(r"\s*(system|user|assistant|model|human)\b(?:\s*<\|end_header_id\|>)?\s*", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:assistant|ai|bot|answer|助手|回答|答)\s*[:：]\s*", re.IGNORECASE)
_OTHERS = re.compile(r"\n[^\S\n]*(?:user|human|visitor|customer|question|用户|问|顾客)\s*[:：]", re.IGNORECASE)
_LABELLED = 14
"""So many characters tell whether a line begins with a label."""
_FENCE = re.compile(r"```[ \t]*([\w+-]*)[ \t]*\n?(.*?)(?:```|$)", re.DOTALL)
_PROSE = frozenset(["", "text", "txt", "plaintext", "markdown", "md", "json"])
_KEYS = ("answer", "say", "text", "response", "reply", "content", "message", "output", "speech", "回答")


class Wrapping:
    """Takes text in chunks of any size, and gives back the answer in it."""

    def __init__(self) -> None:
        self._held = ""
        self._inner: _Marks | None = None
        self._wrapped = False

    def feed(self, text: str) -> str:
        if self._inner is None:
            self._held += text
            if not self._wrapped:
                self._begin()
            if self._inner is None:
                self._held = self._held[:LONGEST]
                return ""
            text, self._held = self._held, ""
        return self._inner.feed(text)

    def end(self) -> str:
        """What was waited for, and what is left."""
        inner = self._inner or _Marks()
        held = unwrapped(self._held) if self._wrapped else self._held
        return inner.feed(held) + inner.end()

    def _begin(self) -> None:
        head = self._held.lstrip()
        self._wrapped = head.startswith(("{", "```", '["', "[{"))
        unsure = not head or head == "[" or "```".startswith(head)
        labelled = len(head) < _LABELLED and not re.search(r"[.!?。！？\n<]", head) and not _LABEL.match(head)
        label = _LABEL.match(head)
        if self._wrapped or unsure or (labelled and _may_be_labelled(head)):
            return
        if label and label.end() == len(head):
            return
        self._held = head[label.end() :] if label else head
        self._inner = _Marks()


class _Marks:
    """Drops marks, and with the one that ends the model's part all that follows."""

    def __init__(self) -> None:
        self._held = ""
        self._over = self._fenced = self._role = self._spoke = False

    def feed(self, text: str) -> str:
        return self._drain(self._held + text, final=False)

    def end(self) -> str:
        return self._drain(self._held, final=True)

    def _drain(self, text: str, *, final: bool) -> str:
        self._held = ""
        said: list[str] = []
        while text and not self._over:
            if self._role:
                named = self._named(text, final=final)
                if named is None:
                    break
                text = named
            found = _MARK.search(text)
            if found is None:
                kept = self._kept(text, final=final)
                said.append(self._passed(text[: len(text) - kept]))
                self._held = text[len(text) - kept :]
                break
            said.append(self._passed(text[: found.start()]))
            self._marked(found)
            if _BLOCK.fullmatch(found[2] or ""):
                said.append(self._passed("\n"))
            text = text[found.end() :]
        return "".join(said)

    def _named(self, text: str, *, final: bool) -> str | None:
        """`text` without the name of a role at its start; None while that is not known."""
        found = _ROLE.match(text)
        if not final and (found is None or found.end() == len(text)) and len(text) < 40:
            self._held = text
            return None
        self._role = False
        if found and found[1].lower() in ("user", "human", "system") and self._spoke:
            self._over = True
        return text[found.end() :] if found else text

    def _passed(self, text: str) -> str:
        if self._over or self._fenced:
            return ""
        other = _OTHERS.search(text)
        if other:
            self._over = True
            text = text[: other.start()]
        self._spoke = self._spoke or bool(text.strip())
        return text

    def _marked(self, found: re.Match[str]) -> None:
        name = (found[1] or found[2] or "").lower()
        if found[0] == "```":
            self._fenced = not self._fenced
        elif name in _BEGINS:
            self._role = True
        elif name in _ENDS and (found[1] or found[0].startswith("</") or name == "end_of_turn"):
            self._over = self._over or self._spoke

    def _kept(self, text: str, *, final: bool) -> int:
        """How many characters at the end may become a mark, or a line of somebody else."""
        if final:
            return 0
        begun = _MAY_BECOME.search(text)
        kept = len(text) - begun.start() if begun else 0
        line = text.rfind("\n")
        if line >= 0 and len(text) - line < _LABELLED and _may_be_other(text[line:]):
            kept = max(kept, len(text) - line)
        return kept


def _may_be_labelled(head: str) -> bool:
    return bool(re.fullmatch(r"(?:a[a-z]*|bot?|助手?|回答?|答)\s*", head, re.IGNORECASE))


def _may_be_other(line: str) -> bool:
    return bool(re.fullmatch(r"\n[^\S\n]*(?:[A-Za-z]*|用户?|问|顾客?)\s*", line))


def unwrapped(text: str) -> str:
    """The words in an object of JSON or a fence; nothing of code, or of half an object."""
    text = text.strip()
    if text.startswith("```"):
        fence = _FENCE.match(text)
        assert fence is not None
        rest = text[fence.end() :]
        if fence[1].lower() not in _PROSE:
            return rest
        return (unwrapped(fence[2]) if fence[2].strip() else "") + rest
    if text[:1] not in ("{", "["):
        return text
    try:
        return _words(json.loads(text))
    except (ValueError, RecursionError):
        return "" if re.match(r"[\[{]\s*[\"\[{}\]]", text) else text.replace("{", "").replace("}", "")


def _words(value: object) -> str:
    """The text that an object holds: under one of the usual names, or the only one there is."""
    match value:
        case str():
            return value
        case list():
            return " ".join(filter(None, map(_words, value)))
        case dict():
            named = next((value[key] for key in _KEYS if value.get(key)), None)
            if named is not None:
                return _words(named)
            texts = [each for each in value.values() if isinstance(each, str)]
            return texts[0] if len(texts) == 1 else ""
    return ""
