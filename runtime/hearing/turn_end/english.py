"""Whether English words so far cannot be all, or are a whole question: by their closed classes alone."""

from __future__ import annotations

from runtime.hearing.turn_end.spoken import spoken


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER_LAST = _all(
    "a an the my your our their its every and or but because if than so whether while although unless um uh erm er hmm "
    "very really quite i we they he she i'm we're they're you're i'd we'd i'll we'll there's it's what's where's "
    "that's who's how's let's who whose which what how where when why am"
)
_PREPOSITIONS = _all("of to for with from at by about near into onto between under during until")
"""They end a question that began with what they belong to ("where are you from"). "in" and "on" end many more."""
_VERBS = _all("do does did have has had be been can could will would should must may might")
_LINKS = _all("is are was were")
_ASKING = _all("what which who whom whose where how why when")
_HELPING = _all("do does did can could will would should may must")
_SUBJECTS = _all("i you we they he she it there to this that these those one")
_NOUN_OPENS = _SUBJECTS | _all("the a an my your our their his her its")
_MEASURES = _all("much many long far often old big late early high")


def dangles(text: str) -> bool:
    """Whether the last word calls for another ("where is the", "tickets and", "um")."""
    said = spoken(text)
    if not said:
        return False
    last, before = said[-1], said[:-1]
    if last in _NEVER_LAST:
        return bool(before) or last not in _ASKING
    if last in _MEASURES:
        return before == ["how"]
    if last == "you":
        return bool(before) and before[-1] in _HELPING
    asked = _asked(before)
    if last in _PREPOSITIONS:
        return asked is None
    if last in _VERBS:
        return asked is None or before[-1] not in _SUBJECTS
    if last in _LINKS:
        return asked is None or len(before) == asked + 1 or before[asked + 1] not in _NOUN_OPENS
    return False


def whole(text: str) -> bool:
    """Whether it asks something and has a subject and what is asked of it ("is the cafe open")."""
    said = spoken(text)
    at = next((place for place, word in enumerate(said) if word in _HELPING | _LINKS), None)
    if at is None or dangles(text):
        return False
    asked = _asked(said[:at]) is not None
    if not asked and at > 0:
        return False
    rest = said[at + 1 :]
    noun = bool(rest) and rest[0] not in _SUBJECTS
    if said[at] in _LINKS and asked:
        return len(rest) >= (2 if noun else 1)
    return len(rest) >= (3 if noun else 2)


def _asked(words: list[str]) -> int | None:
    """The place of the last question word."""
    return next((place for place in range(len(words) - 1, -1, -1) if words[place] in _ASKING), None)
