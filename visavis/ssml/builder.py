"""Takes the events of an XML parser and makes a document of them; knows every element that means something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from visavis.ssml import manner as values
from visavis.ssml.document import Document, MarkupError, Pause, Reading, Span
from visavis.ssml.manner import LONGEST_BREAK_S, Manner
from visavis.words import ACTIONS, Cue, Emotion

DEPTH = 64
PAUSES_S = 300.0
"""Silence of all breaks of one text together; the rest is left out."""
SENTENCE_S, PARAGRAPH_S = 0.3, 0.6
_SILENT = frozenset(["metadata", "meta", "desc", "script", "style", "lexicon", "lookup"])
"""Elements whose content is for machines."""
_WARNINGS = 20


@dataclass(slots=True)
class _Open:
    """An element that has begun: its manner, and the reading that its content gets."""

    name: str
    manner: Manner
    silent: bool
    reading: tuple[str, str, str] | None = None
    began: int = 0
    piece: int = 0


class Builder(ContentHandler):
    """Hand it to a SAX parser; then ask for the `document`."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._length = 0
        self._last = ""
        self._gap = False
        self._spans: list[Span] = []
        self._readings: list[Reading] = []
        self._pauses: list[Pause] = []
        self._implicit: tuple[int, float] | None = None
        self._cues: list[Cue] = []
        self._warnings: list[str] = []
        self._silence = 0.0

    # ── what the parser tells ──
    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if len(self._open) >= DEPTH:
            raise MarkupError(f"elements lie more than {DEPTH} deep in each other", "nest them less")
        attributes = {key.rpartition(":")[2].lower(): value for key, value in attrs.items()}
        local = name.rpartition(":")[2].lower()
        outer = self._open[-1] if self._open else _Open("", Manner(), False)
        opened = _Open(local, outer.manner, outer.silent or local in _SILENT)
        self._open.append(opened)
        if opened.silent:
            return
        meaning = getattr(self, f"_{local.replace('-', '_')}_element", None)
        if meaning is not None:
            meaning(opened, attributes)
        opened.began, opened.piece = self._length, len(self._text)

    def endElement(self, name: str) -> None:  # noqa: N802
        closed = self._open.pop()
        if closed.silent:
            return
        if closed.reading is not None:
            self._read(closed)
        if closed.name in ("p", "s", "paragraph", "sentence"):
            self._rest(SENTENCE_S if closed.name in ("s", "sentence") else PARAGRAPH_S)

    def characters(self, content: str) -> None:
        if self._open and not self._open[-1].silent:
            self._say(re.sub(r"\s+", " ", content))

    # ── what elements mean ──
    def _p_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        self._rest(PARAGRAPH_S)

    _paragraph_element = _p_element

    def _s_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        self._rest(SENTENCE_S)

    _sentence_element = _s_element

    def _break_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        said = attributes.get("time", "")
        length = values.seconds(said) if said else values.strength(attributes.get("strength", "medium"))
        if length is None:
            self._warn(f"break: {said or attributes.get('strength')!r} is no time")
            length = values.strength("medium") or 0.0
        if length > LONGEST_BREAK_S:
            self._warn(f"break: {said} is cut to {LONGEST_BREAK_S:g}s")
        self._pause(min(length, LONGEST_BREAK_S))

    def _prosody_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        outer = opened.manner
        for name, read in (("rate", values.rate), ("pitch", values.pitch), ("volume", values.volume)):
            if name in attributes:
                factor = read(attributes[name])
                if factor is None:
                    self._warn(f"prosody: {name} {attributes[name]!r} is not understood")
                else:
                    key = "energy" if name == "volume" else name
                    outer = outer.times(**{key: factor})
        opened.manner = outer

    def _emphasis_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        factors = values.emphasis(attributes.get("level", "moderate"))
        if factors is None:
            self._warn(f"emphasis: {attributes['level']!r} is no level")
            return
        rate, pitch, energy = factors
        opened.manner = opened.manner.times(rate=rate, pitch=pitch, energy=energy)

    def _express_as_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        said = _first(attributes, "style", "emotion", "name", "type")
        emotion = values.emotion(said)
        if emotion is None:
            self._warn(f"express-as: there is no style {said!r}")
            return
        degree = values.degree(_first(attributes, "styledegree", "intensity", "degree"))
        opened.manner = replace(opened.manner, emotion=emotion, degree=degree)

    _emotion_element = _express_as_element

    def _voice_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        language = attributes.get("lang") or attributes.get("language", "")
        opened.manner = replace(
            opened.manner,
            voice=attributes.get("name", opened.manner.voice)[:100],
            language=_language(language) or opened.manner.language,
        )

    def _lang_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        opened.manner = replace(opened.manner, language=_language(attributes.get("lang", "")) or opened.manner.language)

    _speak_element = _lang_element

    def _sub_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        opened.reading = ("sub", attributes.get("alias", ""), "")

    def _phoneme_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        opened.reading = ("phoneme", attributes.get("ph", ""), attributes.get("alphabet", "ipa").lower())

    def _say_as_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        kind = (attributes.get("interpret-as") or attributes.get("type", "")).lower()
        opened.reading = ("say-as", kind, attributes.get("format", "").lower())

    def _mark_element(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        said = attributes.get("name") or attributes.get("mark", "")
        kind, _, name = said.partition(":")
        if kind == "action" and name in ACTIONS:
            self._cues.append(Cue("action", name, self._length))
        elif kind == "emotion" and name in list(Emotion):
            self._cues.append(Cue("emotion", name, self._length))
        else:
            self._warn(f"mark: {said[:60]!r} names no action")

    _bookmark_element = _mark_element

    # ── the text ──
    def _say(self, content: str) -> None:
        if not content:
            return
        apart = self._last not in ("", " ") and content[0] != " "
        if self._gap and apart and not (_wide(self._last) or _wide(content[0])):
            content = " " + content
        if self._last in ("", " "):
            content = content.lstrip(" ")
        if not content:
            return
        if content.strip():
            self._settle()
            self._gap = False
        begin, manner = self._length, self._open[-1].manner
        self._text.append(content)
        self._length += len(content)
        self._last = content[-1]
        if self._spans and self._spans[-1].manner == manner and self._spans[-1].end == begin:
            begin = self._spans.pop().begin
        self._spans.append(Span(begin, self._length, manner))

    def _rest(self, length: float) -> None:
        """The pause between two sentences, if anything follows."""
        self._gap = True
        if self._length and (self._implicit is None or self._implicit[1] < length):
            self._implicit = (self._length, length)

    def _settle(self) -> None:
        """What follows begins: the pause before it, unless a break said how long."""
        if self._implicit is not None:
            at, length = self._implicit
            self._implicit = None
            if not (self._pauses and self._pauses[-1].at >= at):
                self._pause(length)

    def _pause(self, length: float) -> None:
        self._gap = True
        length = min(length, PAUSES_S - self._silence)
        last = self._pauses[-1] if self._pauses else None
        if last is not None and last.at == self._length:
            length = min(length, LONGEST_BREAK_S - last.seconds)
            self._pauses[-1] = Pause(last.at, last.seconds + length)
        else:
            self._pauses.append(Pause(self._length, length))
        self._silence += length

    def _read(self, closed: _Open) -> None:
        assert closed.reading is not None
        kind, value, detail = closed.reading
        text = "".join(self._text[closed.piece :])
        if not text.strip() and kind == "sub" and value.strip():
            self._open.append(closed)
            self._say(" ".join(value.split()))
            self._open.pop()
            return
        if not text.strip() or not value.strip():
            return
        begin = closed.began + len(text) - len(text.lstrip())
        end = closed.began + len(text.rstrip())
        self._readings.append(Reading(kind, begin, end, " ".join(value.split()), detail))  # type: ignore[arg-type]

    def _warn(self, what: str) -> None:
        if len(self._warnings) < _WARNINGS and what not in self._warnings:
            self._warnings.append(what[:200])

    def document(self) -> Document:
        """What was read."""
        text = "".join(self._text).rstrip()
        size = len(text)
        spans = tuple(Span(s.begin, min(s.end, size), s.manner) for s in self._spans if s.begin < size)
        readings = tuple(sorted((r for r in self._readings if r.end <= size), key=lambda r: (r.begin, r.end)))
        pauses = tuple(Pause(min(p.at, size), p.seconds) for p in self._pauses if p.seconds > 0)
        cues = tuple(Cue(c.kind, c.name, min(c.at, max(size - 1, 0))) for c in self._cues)
        return Document(text, spans, readings, pauses, cues, tuple(self._warnings))


def _first(attributes: Mapping[str, str], *names: str) -> str:
    """The first of these attributes that says anything."""
    return next((attributes[name] for name in names if attributes.get(name)), "")


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _language(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text) else ""
