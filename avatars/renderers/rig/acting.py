"""From a moment to a pose: mood, emotion, actions, and the body's own motion.

The target is a pure function of the moment. When its cause changes (another emotion, an action cut short) the
difference to what was last shown fades out, so that nothing jumps; after a jump in time there is no difference.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig import motion, speech
from avatars.renderers.rig.data import Key, Rig
from avatars.renderers.rig.pose import SIDES, Channels, Pose
from visavis.words import FPS, RATE, SLOT, Emotion, Gaze, Moment, Mood

FADE = 0.32
"""Seconds in which a difference fades."""
SACCADE = 0.08
"""Seconds in which the eyes are where they look: they arrive before the head."""
JUMP = 0.3
"""Of the intensity from one slot to the next: more than that is no movement."""


class Track:
    """An action as differences from rest at its key times."""

    def __init__(self, keys: tuple[Key, ...], channels: Channels, rest: Pose) -> None:
        self.times = [key.t for key in keys]
        self.poses: list[NDArray[np.float64]] = []
        for key in keys:
            pose = rest.copy()
            channels.apply(pose, key.model_extra or {})
            self.poses.append(pose - rest)
        self.sides = {
            side
            for side in SIDES
            for pose in self.poses
            if pose[channels.arm[side]].any() or pose[channels.hand[side]].any()
        }

    def at(self, t: float) -> Pose | None:
        """The difference at `t` seconds; None outside the action."""
        if t < 0.0 or t >= self.times[-1]:
            return None
        right = next(at for at, time in enumerate(self.times) if time > t)
        begin, end = self.times[right - 1], self.times[right]
        k = motion.ease((t - begin) / (end - begin))
        a, b = self.poses[right - 1], self.poses[right]
        return np.asarray(a + (b - a) * k)


class Actor:
    """Turns moments into poses and mouths."""

    def __init__(self, rig: Rig) -> None:
        self.channels = Channels(tuple(rig.hands.shapes))
        self._eyes = np.isin(self.channels.names, ("gaze_x", "gaze_y"))
        self.rest = self.channels.zero()
        self.channels.apply(self.rest, {"left": rig.hands.rest, "right": rig.hands.rest})
        self.lips = speech.table(rig.face.visemes)
        tracks = {name: Track(keys, self.channels, self.rest) for name, keys in rig.actions.actions.items()}
        self.tracks = tracks | {name: tracks[other] for name, other in rig.actions.alias.items()}
        self.emotions = {name: self._offset(values) for name, values in rig.face.emotions.items()}
        self.moods = {name: self._offset(values) for name, values in rig.face.moods.items()}
        self._shown: tuple[Moment, Pose, speech.Shape] | None = None
        self._fade: tuple[int, Pose] | None = None

    def _offset(self, values: dict[str, float]) -> Pose:
        pose = self.channels.zero()
        self.channels.apply(pose, values)
        return pose

    def play(self, moment: Moment) -> tuple[Pose, speech.Shape]:
        """The pose and the mouth to draw; must be called once a picture."""
        pose = self.target(moment)
        mouth = speech.blend(moment.visemes, self.lips)
        last = self._shown
        flows = last is not None and 0 < moment.pts - last[0].pts <= 3 * SLOT
        if last is None or not flows:
            self._fade = None
        else:
            if _cause(moment) != _cause(last[0], moment.pts - last[0].pts) or _jumps(moment, last[0]):
                self._fade = (last[0].pts, last[1] - self.target(last[0], moment))
            if not moment.visemes:
                mouth += (last[2] - mouth) * 0.42
        if self._fade is not None:
            since = (moment.pts - self._fade[0]) / RATE
            left = np.where(self._eyes, 1.0 - motion.ease(since / SACCADE), 1.0 - motion.ease(since / FADE))
            pose = pose + self._fade[1] * left
            if since >= FADE:
                self._fade = None
        self._shown = (moment, pose, mouth)
        return pose, mouth

    def target(self, moment: Moment, cause: Moment | None = None) -> Pose:
        """The pose at `moment`'s time that its causes (or those of `cause`) ask for."""
        why = cause or moment
        t = moment.pts / RATE
        pose = self.rest.copy()
        at = self.channels.index
        for name, value in motion.body(self._body_time(why, t), why.mood, moment.breath).items():
            pose[at[name]] += value
        gaze_x, gaze_y = motion.gaze(t, why.mood)
        pose[at["gaze_x"]] += gaze_x
        pose[at["gaze_y"]] += gaze_y
        pose[at["yaw"]] += 0.2 * gaze_x
        self._look(pose, why, t)
        pose += self.moods[why.mood]
        plain = self.emotions[Emotion.NEUTRAL]
        pose += plain + (self.emotions[why.emotion] - plain) * why.intensity
        pose[at["blink"]] = motion.blink(t, 2.6 if why.mood == "speaking" else 3.4)
        self._emphasis(pose, why, t)
        self._act(pose, why.actions, moment.pts - why.pts)
        return pose

    def _look(self, pose: Pose, moment: Moment, t: float) -> None:
        """Turn eyes and head from the visitor; a thinking face has its own place to look at."""
        if moment.mood == "thinking":
            return
        x, y = motion.aside(t, moment.gaze)
        at = self.channels.index
        for name, value in {"gaze_x": x, "gaze_y": y, "yaw": 0.45 * x, "pitch": 0.3 * y}.items():
            pose[at[name]] += value

    def _act(self, pose: Pose, actions: tuple[tuple[str, int], ...], later: int) -> None:
        """Add the actions' differences; of two that want the same arm, the one that began last has it."""
        taken: set[str] = set()
        for name, since in sorted(actions, key=lambda action: action[1]):
            track = self.tracks.get(name)
            change = track.at((since + later) / RATE) if track else None
            if track is None or change is None:
                continue
            for side in track.sides & taken:
                change[self.channels.arm[side]] = 0.0
                change[self.channels.hand[side]] = 0.0
            taken |= track.sides
            pose += change

    @staticmethod
    def _body_time(moment: Moment, t: float) -> float:
        """While nothing is said or shown, the body moves 12.5 times a second: every other picture costs nothing."""
        if moment.mood == "speaking" or moment.visemes or moment.actions:
            return t
        return math.floor(t * FPS / 2) * 2 / FPS

    def _emphasis(self, pose: Pose, moment: Moment, t: float) -> None:
        """Head and brows follow the stress of the speech."""
        beat = speech.stress(moment.visemes, self.lips)
        at = self.channels.index
        lift = max(0.0, motion.drift(t, 0.9, 21))
        pose[at["pitch"]] += 0.35 * (beat - 0.25) * min(1.0, 4.0 * beat)
        pose[at["brow_inner"]] += 0.5 * beat * lift
        pose[at["brow_outer"]] += 0.5 * beat * lift
        pose[at["yaw"]] += 0.3 * beat * motion.drift(t, 1.1, 22)


Cause = tuple[Mood, Emotion, bool, tuple[tuple[str, int], ...], Gaze]


def _cause(moment: Moment, later: int = 0) -> Cause:
    """Why a moment looks as it does; `later` samples on, if nothing new happens."""
    actions = tuple((name, since + later) for name, since in moment.actions)
    return moment.mood, moment.emotion, bool(moment.visemes), actions, moment.gaze


def _jumps(moment: Moment, last: Moment) -> bool:
    """Whether the intensity changes faster than a feeling that comes: what moves by itself needs no fade."""
    return abs(moment.intensity - last.intensity) > JUMP * (moment.pts - last.pts) / SLOT
