"""What a session's avatar feels: one state behind its face, its voice and its hands.

Every sentence passes here once, before it is voiced: tact first, then whether the feeling comes through so soon after
the last one. What is found is what the face shows, what the voice is told, and which actions are left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from behaviors.direction import fitting, natural
from behaviors.emotion import Feeling
from behaviors.feelings import Course
from behaviors.gestures import seconds
from behaviors.learning import PLAIN, Arm
from behaviors.tact import GRIEVED, Plight, Tact, plight_of
from runtime.trials import Trials, Tried
from visavis.engines import Style
from visavis.words import FELT, Emotion, Reply, Sentence, Utterance, Via

REMEMBERED_S = 60.0
"""So long a visitor's trouble is thought of, unless joy is heard."""
SMILING = frozenset([Emotion.HAPPY, Emotion.SURPRISED])
STILL = 0.2
"""Below this arousal the hands do not stress words."""
FAINTEST, STRONGEST = 0.5, 1.4
"""Degrees of an emotion in a voice."""


def style_of(emotion: Emotion, intensity: float) -> Style:
    """How a voice is told of an emotion, in steps of a tenth."""
    if emotion is Emotion.NEUTRAL:
        return Style()
    return Style(emotion=emotion, degree=round(min(STRONGEST, max(FAINTEST, intensity / FELT)), 1))


def natural_style(sentence: Sentence, manners: Tact) -> Style:
    """How a sentence is spoken whoever asked: by its text and its emotion alone, so it can be prepared."""
    felt = _natural(sentence, manners)
    return style_of(felt.label, felt.intensity)


class Temper:
    """Of one session. `course` tells what the face shows, `now` the time on the same line, in seconds.

    Where there are `trials`, manners of answering are tried.
    """

    def __init__(
        self, manners: Tact, course: Callable[[], Course], now: Callable[[], float], trials: Trials | None = None
    ) -> None:
        self._manners, self._course, self._now, self._trials = manners, course, now, trials
        self._plight: Plight | None = None
        self._told = 0.0

    def turn(self, asked: str = "") -> TurnTemper:
        """For the sentences of a turn that answers the words `asked`; a greeting answers none."""
        now, fresh = self._now(), plight_of(asked, self._manners.language) if asked else None
        if asked and (fresh is not None or now - self._told > REMEMBERED_S):
            self._plight, self._told = fresh if fresh in GRIEVED else None, now
        plight = fresh or (self._plight if asked else None)
        trials = self._trials if asked else None
        return TurnTemper(self._manners, plight, fresh is not None, self._course, self._now, trials)

    def forget(self) -> None:
        """The visitor left."""
        self._plight = None


class TurnTemper:
    """The sentences of one turn, in order.

    A visitor's plight that is not `fresh` forbids smiles and asks for no more; while there is one nothing is tried.
    """

    def __init__(
        self,
        manners: Tact,
        plight: Plight | None,
        fresh: bool,
        course: Callable[[], Course],
        now: Callable[[], float],
        trials: Trials | None = None,
    ) -> None:
        self._manners, self._plight, self._fresh = manners, plight, fresh
        self._shown, self._now = course, now
        self._course: Course | None = None
        self._trials = trials
        self._reply: Reply | None = None
        self._via: Via = "voice"
        self._tried: Tried | None = None

    def answers(self, reply: Reply, utterance: Utterance | None) -> None:
        """The sentences that follow are the reply's; a turn that is prepared for a voice has no utterance yet."""
        self._reply, self._via = reply, utterance.via if utterance is not None else "voice"

    def ended(self, turn: int, heard: str, *, whole: bool) -> None:
        """The turn is over, after the visitor heard so much of it."""
        if self._trials is not None and heard:
            self._trials.said(turn, self._tried, whole=whole)

    def _manner(self, sentence: Sentence) -> Arm:
        """How a sentence of the reply is spoken; the first one that is free to vary decides."""
        if self._trials is None or self._plight is not None or self._trials.guarded(sentence):
            return PLAIN
        if self._reply is not None:
            self._tried, self._reply = self._trials.choose(self._reply, sentence, self._via), None
        return self._tried.choice.arm if self._tried is not None else PLAIN

    def plays(self, sentence: Sentence, ahead_s: float) -> tuple[Sentence, Style]:
        """The sentence as it is felt, when it begins `ahead_s` from now, and how it is spoken."""
        own, begins = _natural(sentence, self._manners), self._now() + ahead_s
        if sentence.filler:
            return replace(sentence, emotion=Emotion.NEUTRAL), style_of(own.label, own.intensity)
        course = self._course or self._shown()
        proper = self._manners.proper(own, sentence.text, self._plight)
        if self._plight is not None and not self._fresh and own.label not in SMILING:
            proper = own
        turned = proper.label is not own.label
        felt = course.takes(proper, begins, ordered=turned and self._fresh)
        self._course = course.then(felt, begins, begins + seconds(sentence.text))
        kept = sentence.fixed and not (turned and own.label in SMILING)
        spoken = own if kept else felt
        cues = tuple(cue for cue in sentence.cues if cue.rank != "beat" or felt.arousal >= STILL)
        cues = fitting(cues, felt.label) if turned else cues
        arm = self._manner(sentence)
        shown = replace(sentence, emotion=felt.label, intensity=felt.intensity, cues=arm.kept(cues))
        return shown, arm.styled(style_of(spoken.label, spoken.intensity))


def _natural(sentence: Sentence, manners: Tact) -> Feeling:
    """What a sentence is felt with, whoever asked: its own emotion, as strongly as its words tell."""
    if sentence.emotion is Emotion.NEUTRAL:
        return Feeling()
    felt = natural(sentence.text, manners)
    return felt if felt.label is sentence.emotion else Feeling(sentence.emotion, sentence.intensity)
