"""The sound: the rules of voice enrolment, and silence at the beginning."""

from __future__ import annotations

from collections.abc import Callable

from avatars.inspect.film import Film
from avatars.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect import bandwidth, ceiling, channels, levels, noise, reverb, speakers
from avatars.voices.enrol.inspect.take import Embed

_RULES = (bandwidth.find, channels.find, ceiling.find, levels.find, noise.find, reverb.find)
NEAR_S = 0.3


def find(film: Film, embed: Embed | None, done: Callable[[float], object] = lambda share: None) -> list[Found]:
    """Nothing is said of who speaks without `embed`."""
    if film.take is None:
        return [Found("no_sound", "error", 0.0, film.seconds)] if film.kind.lips else []
    if not film.take.speech:
        return [Found("no_speech", "error", 0.0, film.seconds)] if film.kind.lips else []
    heard = [each for rule in _RULES for each in rule(film.take)]
    if embed is not None:
        heard += speakers.find(film.take, embed, done)
    return _silence(film) + [Found(*each) for each in heard]


def _silence(film: Film) -> list[Found]:
    """Speech in the part that should be silent."""
    assert film.take is not None
    wanted = film.kind.silent_s
    early = [span for span in film.take.speech if span[0] < wanted - NEAR_S]
    if not wanted or not early:
        return []
    severity: Severity = "error" if early[0][0] < 1.0 else "warning"
    return [Found("no_silent_start", severity, early[0][0], min(early[0][1], wanted), early[0][0], wanted, "s")]
