"""An inspection as a page: the waveform with what was found marked on it, and a table that says it in words."""

from __future__ import annotations

from html import escape

from avatars.voices.enrol.inspect.finding import Finding
from avatars.voices.enrol.inspect.inspection import Inspection

WIDTH, HEIGHT = 1000, 160
_COLOUR = {"error": "#b3261e", "warning": "#8a5a00", "note": "#3a5f8a"}
_WORDS = {
    "en": {
        "title": "Inspection of the recordings", "passed": "These recordings can be used.",
        "failed": "These recordings cannot be used yet.", "speech": "speech", "snr": "speech over noise",
        "level": "level", "none": "Nothing was found.", "what": "What", "where": "Where", "measured": "Measured",
        "limit": "Limit", "todo": "What to do", "wave": "Waveform; {n} places are marked", "more": "more",
        "error": "error", "warning": "warning", "note": "note",
    },
    "zh": {
        "title": "录音检查报告", "passed": "录音可以使用。", "failed": "录音还不能使用。", "speech": "有效语音",
        "snr": "信噪比", "level": "音量", "none": "没有发现问题。", "what": "问题", "where": "位置",
        "measured": "实测", "limit": "限值", "todo": "建议", "wave": "波形图，标出 {n} 处", "more": "处未列出",
        "error": "错误", "warning": "警告", "note": "提示",
    },
}  # fmt: skip
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1b1f;"
    "background:#fff}svg{width:100%;height:auto;border:1px solid #ccc}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}"
    ".error{color:#b3261e}.warning{color:#8a5a00}.note{color:#3a5f8a}"
)


def page(inspection: Inspection, language: str = "en") -> str:
    """HTML that needs nothing else; in Chinese for `zh`, otherwise in English."""
    tongue = "zh" if language.startswith("zh") else "en"
    words = _WORDS[tongue]
    verdict = words["passed"] if inspection.passed else words["failed"]
    facts = (
        f"{words['speech']} {inspection.effective_s:g} s / {inspection.seconds:g} s · {words['snr']} "
        f"{inspection.snr_db:g} dB · {words['level']} {inspection.level_dbfs:g} dBFS"
    )
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{words["title"]}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{words['title']}</h1><p><strong>{verdict}</strong></p>"
        f"<p>{facts}</p>{_wave(inspection, words)}{_table(inspection, tongue)}</main></body></html>"
    )


def _wave(inspection: Inspection, words: dict[str, str]) -> str:
    middle, count = HEIGHT / 2, max(len(inspection.outline), 1)
    step = WIDTH / count
    bars = "".join(
        f"M{index * step:.1f} {middle - max(each, 0.005) * middle:.1f}V{middle + max(each, 0.005) * middle:.1f}"
        for index, each in enumerate(inspection.outline)
    )
    label = escape(words["wave"].format(n=len(inspection.findings)))
    marks = "".join(_mark(inspection, each, words) for each in inspection.findings)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}"><title>{label}</title>{marks}'
        f'<path d="{bars}" stroke="#444" stroke-width="{max(step * 0.7, 0.4):.2f}"/></svg>'
    )


def _mark(inspection: Inspection, finding: Finding, words: dict[str, str]) -> str:
    before = 0.0
    for name, seconds in inspection.files:
        if name == finding.file:
            break
        before += seconds
    scale = WIDTH / max(inspection.seconds, 0.01)
    begin, wide = (before + finding.start_s) * scale, max((finding.end_s - finding.start_s) * scale, 2)
    return (
        f'<rect x="{begin:.1f}" y="0" width="{wide:.1f}" height="{HEIGHT}" fill="{_COLOUR[finding.severity]}" '
        f'fill-opacity="0.18"><title>{escape(finding.rule)} ({words[finding.severity]})</title></rect>'
    )


def _table(inspection: Inspection, tongue: str) -> str:
    words = _WORDS[tongue]
    if not inspection.findings:
        return f"<p>{words['none']}</p>"
    head = "".join(f'<th scope="col">{words[each]}</th>' for each in ("what", "where", "measured", "limit", "todo"))
    rows = "".join(_row(each, tongue) for each in inspection.findings)
    more = "".join(f"<p>{escape(rule)}: {count} {words['more']}</p>" for rule, count in inspection.more.items())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _row(finding: Finding, tongue: str) -> str:
    advice = finding.advice.zh if tongue == "zh" else finding.advice.en
    where = f"{escape(finding.file)} {_clock(finding.start_s)}–{_clock(finding.end_s)}"
    unit = escape(finding.unit)
    return (
        f'<tr><td class="{finding.severity}">{escape(finding.rule)} ({_WORDS[tongue][finding.severity]})</td>'
        f"<td>{where}</td><td>{finding.measured:g} {unit}</td><td>{finding.limit:g} {unit}</td>"
        f"<td>{escape(advice)}</td></tr>"
    )


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"
