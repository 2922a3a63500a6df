"""The time, the date and the weekday as they are written in a language, for a voice to read."""

from __future__ import annotations

from datetime import datetime

_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
    "ko": "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
}
_MONTHS = "January February March April May June July August September October November December"
_DATES = {"zh": "{year}年{month}月{day}日", "ja": "{year}年{month}月{day}日", "ko": "{year}년 {month}월 {day}일"}


def spoken(what: str, now: datetime, language: str) -> str | None:
    """`time`, `date` or `weekday` of a moment; None for a weekday in a language whose names are not known here."""
    tongue = language.split("-")[0].lower()
    match what:
        case "time":
            return _time(now, tongue)
        case "date":
            return _date(now, tongue)
    names = _WEEKDAYS.get(tongue)
    return names.split()[now.weekday()] if names else None


def _time(now: datetime, tongue: str) -> str:
    if tongue == "en":
        return f"{now.hour % 12 or 12}:{now.minute:02} {'am' if now.hour < 12 else 'pm'}"
    if tongue == "zh":
        return f"{now.hour}点" + (f"{now.minute}分" if now.minute else "")
    return f"{now.hour}:{now.minute:02}"


def _date(now: datetime, tongue: str) -> str:
    if tongue == "en":
        return f"{_MONTHS.split()[now.month - 1]} {now.day}, {now.year}"
    pattern = _DATES.get(tongue)
    return pattern.format(year=now.year, month=now.month, day=now.day) if pattern else f"{now:%Y-%m-%d}"
