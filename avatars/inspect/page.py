"""An inspection as a page: a line of time with what was found, a picture of each place and what to do about it."""

from __future__ import annotations

from html import escape

from avatars.inspect.checklist import POINTS
from avatars.inspect.finding import Finding
from avatars.inspect.inspection import Inspection
from avatars.inspect.page_words import RULES, STYLE, WORDS

WHOLE = 0.95
"""Share of the recording from which a finding is of all of it, and marks no place."""
_COLOUR = {"error": "#b3261e", "warning": "#b26a00", "note": "#3a5f8a"}


def page(inspection: Inspection, language: str = "en") -> str:
    """HTML that needs nothing else; in Chinese for `zh`, otherwise in English."""
    tongue = "zh" if language.startswith("zh") else "en"
    words = WORDS[tongue]
    verdict, state = (words["passed"], "passed") if inspection.passed else (words["failed"], "failed")
    cards = "".join(_card(each, tongue) for each in inspection.findings) or f"<p>{words['none']}</p>"
    more = "".join(
        f"<p>{escape(_name(rule, tongue))}: {count} {words['more']}</p>" for rule, count in inspection.more.items()
    )
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{words["title"]}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{words['title']}</h1>"
        f'<p class="verdict {state}">{verdict}</p>{_facts(inspection, words)}{_line(inspection, tongue)}'
        f"<h2>{words['found']}</h2>{cards}{more}{_unjudged(inspection, words)}{_checklist(inspection, tongue)}"
        "</main></body></html>"
    )


def _facts(inspection: Inspection, words: dict[str, str]) -> str:
    facts = inspection.facts
    rows = (
        ("file", inspection.file), ("kind", inspection.kind), ("length", f"{_clock(inspection.seconds)}"),
        ("picture", f"{facts.width} × {facts.height}, {facts.fps:.2f} fps, {facts.codec}"),
        ("screen", words[f"screen_{inspection.screen}"]),
    )  # fmt: skip
    return "<dl>" + "".join(f"<dt>{words[key]}</dt><dd>{escape(value)}</dd>" for key, value in rows) + "</dl>"


def _line(inspection: Inspection, tongue: str) -> str:
    scale = 1000 / max(inspection.seconds, 0.01)
    marks = "".join(
        f'<rect x="{each.start_s * scale:.1f}" y="{4 + 14 * ("error", "warning", "note").index(each.severity)}" '
        f'width="{max((each.end_s - each.start_s) * scale, 3):.1f}" height="12" fill="{_COLOUR[each.severity]}">'
        f"<title>{escape(_name(each.rule, tongue))} {_clock(each.start_s)}</title></rect>"
        for each in inspection.findings
        if each.end_s - each.start_s < WHOLE * inspection.seconds
    )
    label = escape(WORDS[tongue]["line"].format(n=marks.count("<rect")))
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 1000 50" preserveAspectRatio="none">'
        f'<rect width="1000" height="50" fill="#f1f1f4"/>{marks}</svg>'
        f'<p class="ends"><span>0:00.0</span><span>{_clock(inspection.seconds)}</span></p>'
    )


def _card(finding: Finding, tongue: str) -> str:
    words = WORDS[tongue]
    name = escape(_name(finding.rule, tongue))
    when = f"{_clock(finding.start_s)} – {_clock(finding.end_s)}"
    picture = f'<img src="{escape(finding.picture)}" alt="{name}, {when}">' if finding.picture else ""
    measured = ""
    if finding.unit or finding.limit:
        unit = escape(finding.unit)
        measured = (
            f"<p>{words['measured']} {finding.measured:.3g} {unit}, {words['limit']} {finding.limit:g} {unit}</p>"
        )
    advice = finding.advice.zh if tongue == "zh" else finding.advice.en
    return (
        f'<article class="{finding.severity}">{picture}<div><h3>{name}<span>{words[finding.severity]}</span></h3>'
        f"<p>{when}</p><p>{escape(advice)}</p>{measured}</div></article>"
    )


def _unjudged(inspection: Inspection, words: dict[str, str]) -> str:
    if not inspection.unjudged:
        return ""
    rows = "".join(f"<li>{escape(words[f'not_{each}'])}</li>" for each in inspection.unjudged)
    return f"<h2>{words['unjudged']}</h2><ul>{rows}</ul>"


def _checklist(inspection: Inspection, tongue: str) -> str:
    at = int(tongue == "zh")
    rows = "".join(f"<li>{escape(POINTS[each][at])}</li>" for each in inspection.checklist)
    return f'<section class="checklist"><h2>{WORDS[tongue]["checklist"]}</h2><ul>{rows}</ul></section>'


def _name(rule: str, tongue: str) -> str:
    return RULES[rule][int(tongue == "zh")] if rule in RULES else rule.replace("_", " ")


def _clock(seconds: float) -> str:
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
