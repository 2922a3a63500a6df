"""One deployment, ready to talk: its knowledge, voice, recogniser and face, and the sessions made of them."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from agent import lines
from agent.mind import Mind
from agent.review import Review
from avatars.package import Avatar
from avatars.voices.prepared import Prepared
from behaviors.direction import direct
from behaviors.tree import Behavior
from knowledge.knowledge import Knowledge
from runtime.attention import Attention
from runtime.brain import Brain
from runtime.face import Face
from runtime.gestures import repertoire_of
from runtime.hearing.weighed import Weighed, meaning
from runtime.home import Home
from runtime.keeping import bandit_of, journal_of, review_of, visitors_of
from runtime.learning import Learning
from runtime.manner import Manner
from runtime.media import media_of
from runtime.narrating import narrated
from runtime.outlets import Outlet
from runtime.parts import avatar_of, knowledge_of, made, tree_of, voice_of
from runtime.places import Places
from runtime.preparing import Done, Kept, keep
from runtime.relearning import Relearning
from runtime.remembering import Remembering
from runtime.session import Session
from runtime.settings import Dialog
from runtime.thinking import Thinkers
from runtime.trials import Trials
from runtime.voices import spoken_folder
from visavis.clock import Clock
from visavis.config import Document
from visavis.engines import Asr, Context, Look, Tts
from visavis.errors import ConfigError, VisavisError
from visavis.ssml import is_markup
from visavis.words import Codec

log = logging.getLogger(__name__)

FIRST_QUESTION = "hello? 你好"
"""Asked of the knowledge base before anybody else can."""


class LiveDialog:
    """Made by `open`, which loads what every session of the dialog shares; `session` makes the rest."""

    def __init__(
        self,
        house: Home,
        settings: Dialog,
        knowledge: Knowledge,
        avatar: Avatar,
        live_voice: Tts,
    ) -> None:
        self.house, self.settings, self.avatar = house, settings, avatar
        self.name, self.language = settings.dialog, settings.language
        self.live_voice = live_voice
        """The voice without what is prepared."""
        cache = house.installation.app.cache
        kept = spoken_folder(house.cache, settings.voices) or house.cache / "voices"
        spoken_by = ", ".join(voice.engine for voice in settings.voices)
        self._voice = Prepared(live_voice, avatar.name, spoken_by, kept, cache.max_gb)
        self._attention: Attention | None = None
        self._relearning: Relearning | None = None
        self._thinkers = Thinkers(settings, house.clock)
        self.mute_because: str | None = None
        """Why it cannot speak, for people; None while it can."""
        self.deaf_because: str | None = None
        """Why nobody can speak to it, for people; None while they can."""
        folder = house.installation.folder / "knowledge"
        self._learning = Learning(self.name, knowledge, folder, self._edited, self._taken)
        self._preparing: asyncio.Task[None] | None = None
        self._prepared: frozenset[str] = frozenset()
        self.review: Review | None = None
        """None where the dialog reviews nothing."""
        kept = house.cache.parent
        self.journal = journal_of(settings, kept)
        self.visitors = visitors_of(settings, kept)
        self._places = Places()
        self._bandit = bandit_of(settings, kept)

    @classmethod
    async def open(
        cls, house: Home, settings: Dialog, *, knowledge_file: Path | None = None, soon: bool = False
    ) -> Self:
        """Load the dialog's parts; a voice, ears or a language model that cannot work here are left out.

        With `soon` a first index of thousands of questions is not waited for: `attend` makes it. Raises ConfigError
        for what a file says, SetupError or EngineError when its knowledge cannot be searched.
        """
        installation = house.installation
        document = installation.documents.get(settings.dialog)
        tree_of(settings, installation, house.trees)
        avatar = avatar_of(settings, installation)
        context = house.context(settings.language)
        embedder = await house.embedder(settings.language)
        if knowledge_file is not None:
            knowledge = await Knowledge.open_file(knowledge_file, context, embedder)
        else:
            knowledge = await knowledge_of(
                settings.knowledge, installation.folder / "knowledge", context, embedder, document, soon
            )
        tts, mute_because = await voice_of(settings, context, document, house.clock)
        await house.lexicons.ready()
        voice = narrated(tts, settings.voices[0], context, house.lexicons)
        self = cls(house, settings, knowledge, avatar, voice)
        self.mute_because = mute_because
        try:
            self.journal.sweep()
            if self._bandit is not None:
                await self._bandit.load()
            self.review = await review_of(settings, installation, context, document)
            self._thinkers = await Thinkers.open(settings, context, document, house.clock, house.cache)
            await self._grow_ears(document)
            await self._rehearse()
        except BaseException:
            await self.close()
            raise
        return self

    async def _grow_ears(self, document: Document | None) -> None:
        """Open the recogniser; without one the visitor types and touches, and is told why."""
        wanted = self.settings.asr
        if wanted is None:
            self.deaf_because = f"no speech recogniser is configured for {self.language}; touch a question or type"
            return
        context = self.house.context(self.language, (*self.knowledge.phrases(), *wanted.wake))
        try:
            asr = await made("asr", wanted, context, document)
        except ConfigError:
            raise
        except VisavisError as error:
            log.warning("%s: nobody can be heard: %s", self.name, error)
            self.deaf_because = f"speech recognition is off: {error}"
            return
        if not asr.capabilities.speaks(self.language):
            await asr.close()
            self.deaf_because = f"{wanted.engine} does not understand {self.language}; touch a question or type"
            return
        asr = Weighed(asr, lambda text: meaning(self.knowledge, text))
        heard_by = lambda: (*self.knowledge.phrases(), *wanted.wake)  # noqa: E731
        self._relearning = Relearning(self.name, asr, heard_by, context.phrases)
        self._attention = Attention(asr, wanted, self.language, lambda: self.knowledge, self._confidence)
        await self._attention.open()

    async def _rehearse(self) -> None:
        """Do once what the first question would otherwise wait for."""
        await asyncio.to_thread(direct, FIRST_QUESTION, self.language)
        try:
            await self.knowledge.confidence(FIRST_QUESTION)
        except VisavisError as error:
            log.warning("%s: questions cannot be compared: %s", self.name, error)

    @property
    def _context(self) -> Context:
        return self.house.context(self.language)

    @property
    def hearing(self) -> Asr | None:
        """Its recogniser; None where nobody can be heard."""
        return self._attention.asr if self._attention is not None else None

    # ── sessions ──
    def session(
        self, outlet: Outlet, clock: Clock, *, hearing: bool = True, seed: int | None = None, tts: Tts | None = None
    ) -> Session:
        """A session with its own mind, memory, ears and tree."""
        seed = random.randrange(1 << 30) if seed is None else seed  # noqa: S311
        remembering = Remembering(self, lambda: self._thinkers.llm, clock)
        name = secrets.token_hex(8)
        think = lambda knowledge: self._mind(knowledge, clock, seed, name)  # noqa: E731
        brain = Brain(lambda: self.knowledge, think, remembering, self._places.rests)
        ears = self._attention.make(clock) if hearing and self._attention is not None else None
        return Session(
            clock,
            outlet,
            brain,
            tts or self._voice,
            lambda body: Behavior(body, seed, newest=lambda: self.house.trees.current(self.settings.tree)),
            ears=ears,
            manner=Manner(politeness=self.settings.asr.interrupt) if self.settings.asr else None,
            likely=self._confidence,
            meets=brain.meet,
            stands=brain.stand,
            filler=self._thinkers.filler(seed),
            manners=self._thinkers.manners,
            repertoire=repertoire_of(self.avatar),
            trials=self._trials(seed, clock, lambda: remembering.returns),
        )

    def _trials(self, seed: int, clock: Clock, returns: Callable[[], bool]) -> Trials | None:
        return Trials(self._bandit, self.language, seed, clock, returns) if self._bandit is not None else None

    async def _confidence(self, text: str) -> float:
        return await self.knowledge.confidence(text)

    def mind(self, seed: int | None = None) -> Mind:
        """A mind over the newest knowledge, for who asks without a session."""
        seed = random.randrange(1 << 30) if seed is None else seed  # noqa: S311
        return self._mind(self.knowledge, self.house.clock, seed)

    def _mind(self, knowledge: Knowledge, clock: Clock, seed: int, session: str | None = None) -> Mind:
        options = self._thinkers.options(clock, self.review, session)
        return Mind(knowledge, self._thinkers.llm, clock=clock, seed=seed, **options)

    def look(self, *, alpha: bool = False, background: str = "") -> Look:
        return Look(alpha=alpha, label=self.settings.label, language=self.language, background=background)

    async def face(self, codec: Codec, *, alpha: bool = False, background: str = "") -> Face:
        """A face for one session. Raises AtCapacity or EngineError."""
        look = self.look(alpha=alpha, background=background)
        return await Face.open(self.house.faces, self.avatar.folder, look, codec, renderer=self.avatar.renderer)

    # ── what pages are told ──
    def facts(self) -> dict[str, Any]:
        """What the kiosk page shows of the dialog."""
        page, look = self.settings.page, self.look()
        others = [self.house.installation.dialogs[n] for n in page.languages if n in self.house.names]
        return {
            "name": self.name,
            "language": self.language,
            "title": page.title or self.name,
            "persona": self.settings.persona.name,
            "asr": self._attention is not None,
            "mode": self.settings.asr.mode if self.settings.asr else "hands_free",
            "deaf_because": self.deaf_because,
            "buttons": tuple(self.knowledge.top_questions(page.buttons)),
            "languages": [{"dialog": d.dialog, "language": d.language, "title": d.page.title} for d in others],
            "label": self.settings.label,
            "width": look.width,
            "height": look.height,
            "reset_s": page.reset_s,
            "camera": page.camera,
            "attract": page.attract.model_dump(mode="json"),
        }

    def pictures(self) -> dict[str, Path]:
        """What its cards may show, by the name a page asks for: what entries name, and the folder `media`."""
        return media_of(self.house.installation.folder / "knowledge") | self.knowledge.pictures()

    # ── edits ──
    @property
    def knowledge(self) -> Knowledge:
        """What it knows now."""
        return self._learning.knowledge

    @property
    def bad_edit(self) -> str | None:
        """Why the newest edit of its knowledge is not used."""
        return self._learning.bad_edit

    async def reload(self) -> None:
        """Take the knowledge files as they are now; what cannot be used is told and the last good version stays."""
        await self._learning.reload()

    async def _edited(self, before: Knowledge) -> Knowledge:
        folder, embedder = self.house.installation.folder / "knowledge", await self.house.embedder(self.language)
        return await Knowledge.open(self.settings.knowledge, folder, self._context, embedder, before=before, soon=True)

    def _taken(self, before: Knowledge) -> None:
        self.prepare()
        if self._relearning is not None:
            self._relearning.edited()

    def attend(self) -> None:
        """Prepare the fixed answers and index what was not waited for, in the background."""
        self.prepare()
        self._learning.index()

    def warnings(self) -> list[str]:
        """What is off, for people."""
        known = self.house.installation.dialogs
        missing = [name for name in self.settings.page.languages if name not in known]
        unknown = f"page.languages: there is no dialog named {', '.join(missing)}" if missing else None
        attention = self._attention.off if self._attention is not None else None
        parts = (*self._thinkers.off, *self._learning.warnings())
        found = (self.mute_because, self.deaf_because, attention, *parts, unknown)
        return [f"{self.name}: {each}" for each in found if each]

    # ── prepared answers ──
    def prepare(self) -> None:
        """Speak the fixed answers in the background, so that they are there before they are asked for."""
        if self._preparing is not None:
            self._preparing.cancel()
        self._preparing = asyncio.create_task(self.prepared(), name=f"prepare {self.name}")

    def repronounce(self) -> None:
        """Speak the fixed answers anew: the voice reads texts otherwise."""
        if self._preparing is not None:
            self._prepared = frozenset()
            self.prepare()

    async def prepared(self) -> None:
        """Return when every fixed answer is kept, or the voice fails."""
        try:
            await self.keep()
        except VisavisError as error:
            log.warning("%s: an answer cannot be prepared: %s", self.name, error)

    async def keep(self, done: Done = lambda done, total: None) -> Kept:
        """Keep every fixed answer; `done` is told how many sentences of how many are. Raises EngineError."""
        fixed = [each for each in await asyncio.to_thread(self.knowledge.fixed) if each not in self._prepared]
        if self._thinkers.styles is not None:
            await self._thinkers.styles.learn([each for each in fixed if not is_markup(each)])
        texts = (*map(self._thinkers.restyle, fixed), *lines.own(self.language), *self._thinkers.lines)
        mind = self._mind(self.knowledge, self.house.clock, 0)
        kept = await keep(texts, mind, self._voice, self._thinkers.manners, done)
        self._prepared = self._prepared.union(fixed)
        return kept

    async def close(self) -> None:
        await self._learning.close()
        if self._relearning is not None:
            await self._relearning.close()
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.gather(self._preparing, return_exceptions=True)
        await self.journal.settled()
        if self._bandit is not None:
            await self._bandit.settled()
        if self.visitors is not None:
            await self.visitors.settled()
        asr = self._attention.asr if self._attention is not None else None
        for part in (self._voice, asr, self._thinkers, self.review):
            if part is not None:
                await part.close()
