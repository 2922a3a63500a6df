"""One visitor with one avatar: perceives, lets the tree decide, runs turns, and tells the outlet.

The session is the tree's `Body`. It owns the media clock (through its stage), the turns and the memory; it
ends with everything it started.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from agent.filler import Filler
from behaviors.planner import Gesture
from behaviors.ports import Gaze, Job, Occasion, Order, Playing, Voice
from behaviors.repertoire import Repertoire
from behaviors.tact import Tact
from runtime.events import MoodChanged, Sensed, Steered
from runtime.hearing.heard import Sound
from runtime.jobs import ActionJob, TurnJob
from runtime.listening import Listening, Make
from runtime.manner import Manner
from runtime.needs import Brain, Meets, Tree
from runtime.occasions import Occasions
from runtime.orders import URGENT, Orders, Placed, told
from runtime.outlets import Outlet
from runtime.perception import Perception
from runtime.performing import Performing
from runtime.pictures import Pictures
from runtime.presence import Watch
from runtime.stage import Stage
from runtime.temper import Temper
from runtime.trials import Trials
from runtime.turn import HUSH, State
from runtime.turns import Turns
from visavis.clock import Clock
from visavis.engines import Tts
from visavis.words import RATE, Emotion, Frame, Mood, Reply, Utterance

TICK_S = 0.04
ECHO = (2 * RATE, RATE)
"""How much of what is said, before and after the slot that is handed over, may come back as an echo now."""
LIKELY = 0.85
MOODS: dict[State, Mood] = {State.PREPARING: "thinking", State.PLAYING: "speaking", State.HELD: "held"}


class Session:
    """Implements `behaviors.ports.Body`. `grow` makes the tree that moves it.

    `likely` grades from 0 to 1 whether words are a whole question that can be answered without a language model;
    a likely one is prepared while its end is still being decided. By `manners` its feelings suit the visitor's; by
    `repertoire` its hands move. Where there are `trials`, it learns how to answer.
    """

    def __init__(
        self,
        clock: Clock,
        outlet: Outlet,
        brain: Brain,
        tts: Tts,
        grow: Callable[[Session], Tree],
        *,
        ears: Make | None = None,
        manner: Manner | None = None,
        likely: Callable[[str], Awaitable[float]] | None = None,
        meets: Meets | None = None,
        stands: Callable[[str], None] | None = None,
        filler: Filler | None = None,
        manners: Tact | None = None,
        repertoire: Repertoire | None = None,
        trials: Trials | None = None,
        wall: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._clock, self._outlet, self._brain, self._tts, self._wall = clock, outlet, brain, tts, wall
        self._likely, self._meets, self._stands, self._filler = likely, meets, stands, filler
        self.manner = manner or Manner()
        self.ears = Listening(ears, self._perceive, clock) if ears is not None else None
        self.stage = Stage(
            clock,
            outlet,
            on_slot=self._on_slot,
            on_picture=self._on_picture,
            on_gesture=self._on_gesture,
            repertoire=repertoire,
        )
        stage = self.stage
        course, now = lambda: stage.course, lambda: stage.out / RATE
        self._temper = Temper(manners, course, now, trials) if manners is not None else None
        self._trials = trials
        self._turns = Turns(clock, outlet, self.stage, brain, self._on_turn, self._temper)
        self._perception = Perception(clock, self.manner, outlet.tell)
        self._occasions = Occasions(clock, self._may_greet)
        self._watch = Watch(clock)
        self.performing = Performing(self, outlet.tell)
        self.orders = Orders(self.stage, outlet.tell)
        self._taken_over = self._frozen = False
        self._quiet_since = clock.now()
        self._base: Mood = "idle"
        self._mood: Mood | None = None
        self._hushed = False
        self._began = wall().isoformat(timespec="seconds")
        self._tree = grow(self)

    # ── its life ──
    async def run(self) -> None:
        """Live until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._turns.live(group)
            group.create_task(self.stage.run(), name="stage")
            group.create_task(self._ticks(), name="tree")
            if self.ears is not None:
                group.create_task(self.ears.run(), name="ears")

    async def close(self) -> None:
        """Forget the visitor; call when `run` is over."""
        self._tree.close()
        self.orders.settle()
        self.orders.drop("the session ended")
        self._turns.forget()
        if self._trials is not None:
            self._trials.left()
        self._brain.forget()

    def behavior(self, after: int = 0) -> dict[str, Any]:
        """What its tree is doing and why: the live tree, what it goes by, its decisions after number `after`."""
        return self._tree.snapshot(after)

    def behaved(self) -> Iterator[str]:
        """What its tree perceived and decided, as JSON lines that `behavior simulate --replay` reads."""
        return self._tree.record(self._began)

    async def _ticks(self) -> None:
        while True:
            self._watched()
            self.think()
            await self._clock.sleep_until(self._clock.now() + TICK_S)

    def think(self) -> None:
        """Let the tree decide on what has just been perceived; before the session lives, that waits."""
        if self._turns.living:
            self.orders.settle()
            self._tree.tick()
            self._tell_mood()

    # ── what reaches it ──
    def say(self, utterance: Utterance) -> None:
        """A visitor typed or touched: the tree answers at once."""
        self._perception.ask(utterance)
        self.think()

    def respond(self) -> bool:
        """Answer what was heard and not yet answered, or what is being transcribed; False when there is neither."""
        wanted = self._perception.wants_answer(transcribing=self.ears is not None and self.ears.transcribing)
        self.think()
        return wanted

    def discard(self) -> None:
        """Drop what was heard, understood or not, where no answer to it was asked for."""
        self._perception.discard()
        if self.ears is not None:
            self.ears.forget()

    def hush(self, hushed: bool) -> None:
        """Answer in text alone, or aloud again."""
        self._hushed = hushed

    def announce(self) -> None:
        """Tell the mood and what an operator has set, although nothing has changed."""
        self._mood = None
        self._tell_mood()
        if self.steered != Steered(muted=False, frozen=False, taken_over=False):
            self._outlet.tell(self.steered)

    def correct(self, turn: int, heard: int) -> str | None:
        """The visitor heard only `heard` samples of an ended turn; return what that was, None if it is not known."""
        return self._turns.correct(turn, heard)

    async def meet(self, visitor: str, *, consent: bool, name: str = "") -> None:
        """A visitor says who he is; he is known again if he agrees to that."""
        if self._meets is not None:
            self._occasions.known = await self._meets(visitor, consent, name)

    def inform(self, context: Mapping[str, object]) -> None:
        """What the caller knows of the visitor and the place, until it tells again or the visitor leaves."""
        self._brain.inform(context)

    def rate(self, like: bool, turn: int | None = None) -> None:
        """The visitor likes an answer or not, the last one unless its turn is given."""
        if self._trials is not None:
            self._trials.rate(like, turn)

    def stand(self, place: str) -> None:
        """The screen that it is seen on, by an id that says nothing else; there it is told who comes."""
        self._occasions.told = True
        if self._stands is not None:
            self._stands(place)

    def sensed(self, somebody: bool) -> None:
        """A sensor beside the screen sees somebody, or nobody; it may flicker."""
        self._occasions.told = True
        self._watch.see(somebody)

    def _watched(self) -> None:
        """Let in, or go, of whom the sensor is sure."""
        busy = self._turns.current is not None or self.voice.active or self._perception.question is not None
        known = self._watch.settled(self._occasions.present, self._clock.now() if busy else self.quiet_since)
        if known is not None:
            self._outlet.tell(Sensed(known))
            self.presence(known)

    def presence(self, present: bool) -> None:
        """Somebody came or left."""
        self._watch.forget()
        self.stage.alone = not present
        if present:
            self.stage.gaze = "visitor"
            self._occasions.arrive()
        elif self._occasions.leave():
            self.orders.give_way("the visitor left")
            self.performing.drop("the visitor left")
            self.orders.drop("the visitor left")
            self._silence()
            if self.ears is not None:
                self.ears.forget()
            self._turns.forget()
            if self._temper is not None:
                self._temper.forget()
            if self._trials is not None:
                self._trials.left()
            self._brain.forget()
        self.think()

    def stop(self) -> None:
        """End whatever is being said, and forget what waits."""
        self._silence()
        self.think()

    # ── what an operator does ──
    def halt(self, reason: str = "it was stopped") -> None:
        """End whatever is being said, and forget what waits, orders too."""
        self.performing.drop(reason)
        self.orders.give_way(reason)
        self.orders.drop(reason)
        self.stop()

    def withdraw(self, placed: Placed) -> None:
        """An order is not wanted any more."""
        if placed.turn is not None and not placed.over:
            self.orders.give_way("it was withdrawn")
            self._turns.end(placed.turn)
        elif placed.state == "waiting":
            self.orders.fail(placed, "it was withdrawn")

    def take_over(self, taken: bool) -> None:
        """Whether a person speaks as the avatar from now on; what is asked meanwhile is asked of that person."""
        if self._taken_over and not taken:
            self._perception.forget()
        self._taken_over = taken
        self._steer()

    def freeze(self, frozen: bool) -> None:
        """Fall silent at once and stay so, or go on; what was ordered or asked until then is forgotten."""
        self._frozen = frozen
        self.halt("the session is frozen")
        self._steer()

    def mute(self, muted: bool) -> None:
        """Speak without a sound from the next slot on, or aloud again."""
        self.stage.muted = muted
        self._steer()

    def feel(self, emotion: Emotion, intensity: float, for_s: float) -> None:
        """Show an emotion, 0 to 1 strong, for so many seconds; a sentence's own goes before it."""
        self.stage.feel(emotion, intensity, int(for_s * RATE))

    @property
    def steered(self) -> Steered:
        """What an operator has set."""
        return Steered(self.stage.muted, self._frozen, self._taken_over)

    def _steer(self) -> None:
        self._outlet.tell(self.steered)
        self.think()

    @property
    def mood(self) -> Mood:
        """What it shows itself to be doing."""
        return self._mood or "idle"

    @property
    def turns(self) -> int:
        """How many turns had the stage."""
        return self._turns.opened

    def _silence(self) -> None:
        self._perception.forget()
        self._turns.drop()
        self._turns.end()

    def show(self, mood: Mood) -> None:
        self._base = mood

    def see(self, face: Pictures | None) -> None:
        """Draw pictures from the next slot on."""
        self.stage.show(face)

    def _perceive(self, event: Sound) -> None:
        self._perception.notice(event)
        self.think()
        self._prepare()

    def _prepare(self) -> None:
        """Begin to answer what was probably asked, while the visitor is silent but not known to have finished."""
        maybe, likely = self._perception.maybe, self._likely
        if likely is None or maybe is None or self._turns.current is not None or not self.manner.replies:
            self._turns.drop()
            return

        async def worth() -> bool:
            return await likely(maybe.text) >= LIKELY

        self._turns.prepare(maybe.text, worth, lambda: self._brain.answer(maybe), self._voice_now)

    # ── Body: what the tree perceives ──
    def now(self) -> float:
        return self._clock.now()

    @property
    def voice(self) -> Voice:
        return self._perception.voice

    @property
    def playing(self) -> Playing | None:
        turn = self._turns.current
        if turn is None:
            return None
        audible = turn.state is State.PLAYING and not turn.heard_all.is_set()
        return Playing(turn.number, turn.kind, turn.state is State.HELD, audible)

    @property
    def waiting(self) -> Utterance | None:
        question = self._perception.question
        return question.utterance if question is not None else None

    @property
    def present(self) -> bool:
        return self._occasions.present or not self._occasions.told

    @property
    def occasion(self) -> Occasion | None:
        return self._occasions.now(free=self._turns.current is None) if self.manner.greets else None

    def _may_greet(self, occasion: Occasion) -> bool:
        return self._brain.may_greet(occasion, self._wall(), self._alone_s)

    @property
    def _alone_s(self) -> float:
        """Seconds for which whoever is there has stood in silence."""
        return self._clock.now() - max(self.quiet_since, self._occasions.since)

    @property
    def quiet_since(self) -> float:
        return max(self._quiet_since, self._perception.quiet_since)

    @property
    def taken_over(self) -> bool:
        return self._taken_over

    @property
    def frozen(self) -> bool:
        return self._frozen

    @property
    def ordered(self) -> Order | None:
        return self.orders.first

    @property
    def scripted(self) -> bool:
        return False

    @property
    def emotion(self) -> Emotion:
        return self.stage.emotion

    # ── Body: what the tree does ──
    def hold(self) -> None:
        if self.manner.yields != "at_once":
            return
        if self.manner.holds:
            self._turns.hold()
            self._listen_for_echo(None)
        elif (playing := self.playing) is not None and playing.audible:
            self.interrupt()

    def resume(self) -> None:
        self._turns.resume()

    def interrupt(self) -> None:
        waiting = self.waiting
        if self.manner.yields == "at_once" or (waiting is not None and waiting.via != "voice"):
            self._turns.end()
        elif self.manner.yields == "sentence":
            self._turns.finish_sentence()

    def cut(self) -> None:
        self.orders.give_way(URGENT)
        self._turns.end()

    def answer(self) -> Job:
        question = self._perception.take()
        self._occasions.use()
        if self._trials is not None:
            self._trials.asked()
        utterance = question.utterance
        find = lambda: self._brain.answer(utterance)  # noqa: E731
        filler = None if self._hushed else self._filler
        return TurnJob(self._turns, self._turns.open("reply", utterance.ended, find, self._voice_now, question, filler))

    def greet(self) -> Job:
        occasion = self._occasions.use()
        assert occasion is not None, "there is no occasion to greet"
        quiet_s = self._alone_s
        find = lambda: self._brain.greet(occasion, self._wall(), quiet_s)  # noqa: E731
        return TurnJob(self._turns, self._turns.open("greeting", self._clock.now(), find, self._voice_now))

    def obey(self) -> Job:
        placed = self.orders.take()
        if not placed.sentences:
            if not self.stage.act(placed.order.action):
                self.orders.fail(placed, "the avatar cannot do this now")
            return ActionJob(self.stage)

        async def find() -> Reply:
            return Reply("operator", "direct", told(placed.sentences))

        placed.turn = self._turns.open("operator", self._clock.now(), find, self._voice_now)
        return TurnJob(self._turns, placed.turn)

    def recite(self) -> Job:
        raise LookupError("there is no script")

    def look(self, at: Gaze) -> None:
        self.stage.gaze = at

    def act(self, action: str) -> Job:
        self.stage.act(action)
        return ActionJob(self.stage)

    @property
    def _voice_now(self) -> Tts:
        return HUSH if self._hushed else self._tts

    # ── what turns and stage tell ──
    def _on_picture(self, turn: int) -> None:
        self._turns.drawn(turn)

    def _on_gesture(self, gesture: Gesture) -> None:
        """The hands move; with speech that is for the sentence in which the stroke falls."""
        turn = self._turns.current
        if turn is not None and gesture.turn == turn.number:
            stroke = turn.track.cursor + max(0, gesture.stroke - gesture.start)
            self._tree.gestured(gesture.name, gesture.rank, sum(s.start <= stroke for s in turn.track.sentences))
        self.performing.gestured(gesture)

    def _on_slot(self, frame: Frame) -> None:
        if self.ears is not None:
            self.ears.playing(frame.pcm, RATE, self.stage.comes_out(frame))
        self._turns.handed_over(frame)
        turn = self._turns.current
        if turn is not None and frame.turn == turn.number:
            before, after = ECHO
            self._listen_for_echo(turn.track.between(turn.track.cursor - before, turn.track.cursor + after))
        self.performing.slot(frame)

    def _on_turn(self) -> None:
        """A turn begins to be heard, perhaps over a visitor who speaks on; or it has ended."""
        self.orders.settle()
        if self._turns.current is None:
            self._quiet_since = self._clock.now()
            self._listen_for_echo(None)
            self._tell_mood()
        else:
            self.think()

    def _listen_for_echo(self, text: str | None) -> None:
        if self.ears is not None:
            self.ears.saying(text)

    def _tell_mood(self) -> None:
        turn = self._turns.current
        mood = self._base if turn is None else "thinking" if turn.bridged else MOODS[turn.state]
        self.stage.mood = mood
        if mood != self._mood:
            self._mood = mood
            self._outlet.tell(MoodChanged(mood))
