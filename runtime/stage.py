"""Clocked playout: one slot after another, each a picture and 960 samples, as long as the session lives.

The session's clock decides when a slot is due; the turn that has the stage fills it, silence and an idle
picture fill it otherwise. A slot is handed over at most the lead ahead of real time.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from behaviors.bml import Timing
from behaviors.emotion import Feeling
from behaviors.feelings import Course, Envelope
from behaviors.planner import Gesture, Place, Planner
from behaviors.repertoire import Repertoire
from runtime.breath import Breath
from runtime.events import ActionStarted, SentenceStarted
from runtime.outlets import Outlet
from runtime.pictures import PICTURE_LIMIT_S, Drawing, Pictures
from runtime.track import Track
from visavis.clock import Clock
from visavis.words import RATE, SLOT, Emotion, Frame, Gaze, Moment, Mood, Packet, Pcm, TimedViseme, TimedWord

IDLE_LEAD = SLOT
SPEAKING_LEAD = 5 * SLOT
"""200 ms: the most that an outlet is ahead."""
GRACE = SLOT
"""A slot may be handed over this long after its time; what an outlet keeps in store covers it."""
FADE_MS = 40
TINY = 1e-6
LOOKS: Mapping[Mood, Gaze] = {"thinking": "aside"}
"""Where it looks while something goes on; else at the visitor."""
SILENCE: Pcm = np.zeros(SLOT, np.int16)


class Stage:
    """Plays at most one track at a time.

    `on_picture` is called with the turn's id when a picture of its speech is there, `on_slot` with every
    frame that was handed over.
    """

    def __init__(
        self,
        clock: Clock,
        outlet: Outlet,
        *,
        on_slot: Callable[[Frame], None] = lambda frame: None,
        on_picture: Callable[[int], None] = lambda turn: None,
        on_gesture: Callable[[Gesture], None] = lambda gesture: None,
        repertoire: Repertoire | None = None,
    ) -> None:
        self._clock, self._outlet = clock, outlet
        self._on_slot, self._on_picture, self._on_gesture = on_slot, on_picture, on_gesture
        self._opened = clock.now()
        self._next = 0
        self._drawing = Drawing(clock)
        self._turn, self._track, self._held = 0, Track(), False
        self._track.finish()
        self._spare = 0
        """Slots without speech that an unpaced outlet may still be given."""
        self._wake, self._slotted = asyncio.Event(), asyncio.Event()
        self._follows, self._unpaced_until = (0, 0), 0.0
        """Of an unpaced outlet: the turn and the offset that would go on with the last slot, and that one's end."""
        self._hands = Planner(repertoire)
        self._envelope = Envelope()
        self._felt, self._felt_until = Feeling(), 0
        self._said = (0, 0)
        """The turn and the offset that would go on with the last slot of speech."""
        self.able: Mapping[str, int] = {}
        """What the client's own body can do where no face is drawn here, with lengths in samples."""
        self._breath = Breath()
        self.mood: Mood = "idle"
        self.gaze: Gaze = "visitor"
        """Where it looks while nothing goes on."""
        self.alone = True
        """Nobody is there."""
        self.muted = False
        """Speech goes on without its sound."""
        self.missed = 0
        """Slots that were due before they could be made."""

    # ── where the line stands ──
    @property
    def media_now(self) -> int:
        """The sample of the session's line that is due now."""
        return int((self._clock.now() - self._opened) * RATE + TINY)

    @property
    def out(self) -> int:
        """Up to where the line has come out: what is due, or for an unpaced outlet all that it was given."""
        return self.media_now if self._outlet.paced else self._next

    def comes_out(self, frame: Frame) -> float:
        """When a frame that was just handed over is heard: an unpaced outlet plays what it has one after the other."""
        if self._outlet.paced:
            return self._opened + frame.pts / RATE
        now, follows = self._clock.now(), (frame.turn, frame.offset) == self._follows
        at = max(now, self._unpaced_until) if follows else now
        self._follows, self._unpaced_until = (frame.turn, frame.offset + SLOT), at + SLOT / RATE
        return at

    # ── what plays ──
    def show(self, face: Pictures | None) -> None:
        """Take pictures from `face` from the next slot on, beginning with a key frame."""
        self._drawing.use(face)
        self._wake.set()

    def want_key(self) -> None:
        """The next picture must be a key frame."""
        self._drawing.want_key()

    def play(self, turn: int, track: Track) -> None:
        """Give the stage to a turn; its speech starts as soon as a slot of it is there."""
        self._turn, self._track, self._held = turn, track, False
        track.changed = self._wake.set
        self._wake.set()

    def hold(self) -> None:
        """Fade what the outlet has, keep the rest of the track."""
        self._held = True
        self._clear(self._turn)

    def resume(self, at: int) -> None:
        """Go on with the held track from turn time `at`."""
        self._track.rewind(at)
        self._held = False
        self._wake.set()

    def leave(self) -> None:
        """The turn that has the stage was heard to its end."""
        self._turn, self._track, self._held = 0, Track(), False
        self._track.finish()

    def end(self) -> None:
        """Take the stage from the turn that has it: what was not heard fades and is forgotten."""
        turn, begun = self._turn, self._track.cursor > 0
        if self._hands.playing is not None and self._hands.playing.turn == turn:
            self._hands.stop(self._next)
        self.leave()
        if begun:
            self._clear(turn)

    def idle(self, slots: int) -> None:
        """Let an unpaced outlet have `slots` slots without speech."""
        self._spare += slots
        self._wake.set()

    async def spent(self) -> None:
        """Return when an unpaced outlet has had all its slots without speech."""
        while self._spare:
            self._slotted.clear()
            await self._slotted.wait()

    def _clear(self, turn: int) -> None:
        self._outlet.clear(turn, FADE_MS)
        self._hands.stop(self._next)
        if self._outlet.paced:
            self._next = min(self._next, self._slot_after(self.media_now))
        self._wake.set()

    def act(self, action: str) -> bool:
        """Play an action, or its nearest, outside speech from the next slot on; False if the face has none."""
        return self._tell_gesture(self._hands.act(action, self._next, self._able))

    def feel(self, emotion: Emotion, intensity: float, samples: int) -> None:
        """Show an emotion, 0 to 1 strong, for so long from the next slot on; a sentence's own goes before it."""
        self._felt, self._felt_until = Feeling(emotion, intensity), self._next + samples

    @property
    def emotion(self) -> Emotion:
        """What the face shows."""
        return self._envelope.seen.label

    @property
    def course(self) -> Course:
        """How the face came to feel what it shows, in seconds of the line."""
        return self._envelope.course

    @property
    def acting(self) -> bool:
        return self._hands.playing is not None

    # ── the loop ──
    async def run(self) -> None:
        """Play until cancelled."""
        try:
            while True:
                await self._due()
                await self._slot()
                await self._outlet.drain()
        finally:
            await self._drawing.close()

    async def _due(self) -> None:
        """Return when the next slot may be handed over."""
        while (wait := self._wait()) > 0:
            self._wake.clear()
            try:
                async with asyncio.timeout(None if wait == math.inf else wait):
                    await self._wake.wait()
            except TimeoutError:
                break
        self._catch_up()

    def _catch_up(self) -> None:
        """Leave out the slots that would come too late for the outlet to play them in time."""
        due = self._slot_after(self.media_now - GRACE)
        if self._outlet.paced and self._next < due:
            self.missed += (due - self._next) // SLOT
            self._next = due

    def _wait(self) -> float:
        """Seconds until the next slot may be handed over, as things stand."""
        speaking = self._track.ready and not self._held
        if not self._outlet.paced:
            return 0.0 if speaking or self._spare else math.inf
        wait = self._ahead - (SPEAKING_LEAD if speaking else IDLE_LEAD) / RATE
        return wait if wait > TINY else 0.0

    @property
    def _ahead(self) -> float:
        """Seconds until the next slot is due."""
        return self._next / RATE - (self._clock.now() - self._opened)

    @staticmethod
    def _slot_after(pts: int) -> int:
        return max(0, math.ceil(pts / SLOT) * SLOT)

    async def _slot(self) -> None:
        """Make one slot and hand it over; what was cleared while its picture was drawn goes out silent."""
        turn, track, offset = self._turn, self._track, self._track.cursor
        speaking = track.ready and not self._held
        moment = self._moment(self._next, turn, track, offset, speaking)
        patience = max(0.0, self._ahead) if self._outlet.paced else PICTURE_LIMIT_S
        packet = await self._drawing.picture(moment, patience)
        if self._ahead < -SLOT / RATE:
            self._catch_up()
        pts = self._next
        if speaking and turn == self._turn and offset == track.cursor and not self._held:
            self._on_picture(turn)
            frame = self._speech(replace(moment, pts=pts), track, offset, packet)
        else:
            self._spare = max(0, self._spare - 1)
            frame = Frame(pts, 0, SILENCE, packet, moment=replace(moment, pts=pts, turn=0, visemes=()))
        if not self._outlet.send(frame):
            self._drawing.want_key()
        self._next = pts + SLOT
        self._slotted.set()
        self._on_slot(frame)

    def _speech(self, moment: Moment, track: Track, offset: int, packet: Packet | None) -> Frame:
        pts, turn = moment.pts, moment.turn
        for sentence in track.begun(offset + SLOT):
            self._outlet.tell(SentenceStarted(turn, sentence))
        shift = pts - offset
        visemes = tuple(TimedViseme(v.start + shift, v.viseme) for v in track.visemes(offset, offset + SLOT))
        if self._said != (turn, offset) and (held := track.shape(offset)) is not None:
            visemes = (TimedViseme(pts, held), *(v for v in visemes if v.start > pts))
        self._said = (turn, offset + SLOT)
        words = tuple(
            TimedWord(w.start + shift, w.end + shift, w.text, w.at) for w in track.words(offset, offset + SLOT)
        )
        pcm = track.take()
        return Frame(pts, turn, SILENCE if self.muted else pcm, packet, offset, visemes, words, moment)

    # ── what is drawn ──
    def _moment(self, pts: int, turn: int, track: Track, offset: int, speaking: bool) -> Moment:
        self._move(pts, turn, track, offset, speaking)
        hands, felt = self._hands.playing, track.feeling(offset) if speaking else Feeling()
        if felt.label is Emotion.NEUTRAL and pts < self._felt_until:
            felt = self._felt
        seen = self._envelope.at(pts / RATE, felt)
        mood: Mood = "speaking" if speaking else self.mood
        return Moment(
            pts=pts,
            turn=turn if speaking else 0,
            mood=mood,
            emotion=seen.label,
            intensity=round(seen.intensity, 3),
            visemes=track.mouth(offset) if speaking else (),
            actions=((hands.name, pts - hands.start),) if hands else (),
            gaze=self.gaze if mood == "idle" else LOOKS.get(mood, "visitor"),
            breath=self._breath.at(pts, seen.arousal, alone=self.alone and mood == "idle"),
        )

    def _move(self, pts: int, turn: int, track: Track, offset: int, speaking: bool) -> None:
        """End what is over and begin what is due in this slot."""
        hands = self._hands.at(pts)
        if speaking:
            place = Place(turn, offset, pts, track.left(offset), self._able)
            self._tell_gesture(self._hands.speak(place, track.strokes(offset)))
        elif hands is not None and (hands.turn != turn or track.over):
            self._hands.hush(pts)

    def timing(self, action: str) -> Timing:
        """How long an action, or its nearest, takes here, and when its stroke comes."""
        name = self._hands.repertoire.choose(action, self._able)
        if name is None:
            return Timing()
        return Timing(self._hands.repertoire.stroke(name, self._able[name]) / RATE, self._able[name] / RATE)

    @property
    def _able(self) -> Mapping[str, int]:
        return self._drawing.actions or self.able

    def _tell_gesture(self, gesture: Gesture | None) -> bool:
        if gesture is None:
            return False
        self._outlet.tell(ActionStarted(gesture.turn, gesture.name, gesture.start, gesture.end, gesture.stroke))
        self._on_gesture(gesture)
        return True
