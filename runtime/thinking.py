"""Who thinks for a dialog besides its knowledge base, as its file says: models, tools, a webhook, a tone."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.failover import Failover
from agent.filler import Filler
from agent.lines import fillers
from agent.persona import Directions, Limits, Persona, Room
from agent.reviewing import Reviews
from agent.style import Styles
from agent.tools import Tool, Toolbox, ToolUser
from agent.webhook import Service, Webhook
from behaviors.direction import directed
from behaviors.tact import Tact, tact
from runtime.agent_settings import LlmServer
from runtime.choices import EngineChoice
from runtime.parts import made
from runtime.settings import Dialog
from visavis.clock import Clock
from visavis.config import Document
from visavis.engines import Context
from visavis.errors import ConfigError, VisavisError
from visavis.servers import key_in

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Thinkers:
    """What all sessions of a dialog share. `off` says, for people, what its file names and cannot work here."""

    settings: Dialog
    clock: Clock
    llm: Failover | None = None
    toolbox: Toolbox | None = None
    service: Service | None = None
    styles: Styles | None = None
    off: tuple[str, ...] = ()
    manners: Tact = field(init=False)

    def __post_init__(self) -> None:
        self.manners = tact(self.settings.language, (each.rule for each in self.settings.feelings))

    @classmethod
    async def open(
        cls, settings: Dialog, context: Context, document: Document | None, clock: Clock, cache: Path
    ) -> Thinkers:
        """Connect them; what cannot work here is left out. Raises ConfigError for what the file says."""
        self = cls(settings, clock)
        await self._open_llm(context, document)
        self._open_tools()
        self._open_webhook()
        if self.llm is not None and settings.llm is not None and settings.persona.style == "rewrite":
            file = cache / "styles" / f"{settings.dialog}.json"
            self.styles = Styles(self.llm, settings.persona.tone, settings.language, file, settings.llm.model)
            await self.styles.load()
        return self

    async def _open_llm(self, context: Context, document: Document | None) -> None:
        wanted = self.settings.llm
        if wanted is None:
            return
        limits = {name: getattr(wanted, name) for name in ("temperature", "first_sentence_s", "answer_s")}
        models: list[Any] = []
        for server in (wanted, *wanted.fallbacks):
            options = {name: getattr(server, name) for name in LlmServer.model_fields}
            try:
                models.append(await made("llm", EngineChoice(engine="openai", **options, **limits), context, document))
            except ConfigError:
                raise
            except VisavisError as error:
                self._leave_out("the language model", error)
        if models:
            self.llm = Failover(models, self.clock, first_s=wanted.first_sentence_s, retries=wanted.retries)

    def _open_tools(self) -> None:
        wanted = self.settings.tools
        if not wanted.items or self.llm is None:
            return
        if self.settings.room is not None:
            self.off += ("its tools are off: this is a live room",)
            return
        try:
            self.toolbox = Toolbox([Tool(**{**dict(each)}) for each in wanted.items])
        except VisavisError as error:
            self._leave_out("its tools", error)

    def _open_webhook(self) -> None:
        wanted = self.settings.webhook
        if wanted is None:
            return
        try:
            key = key_in(wanted.key_env) if wanted.key_env is not None else None
        except VisavisError as error:
            self._leave_out("the webhook", error)
            return
        self.service = Service(wanted.url, self.clock, key=key, patience_s=wanted.first_sentence_s)

    def _leave_out(self, what: str, error: VisavisError) -> None:
        log.warning("%s: %s is off: %s", self.settings.dialog, what, error)
        self.off += (f"{what} is off: {error}",)

    # ── for one session ──
    def directions(self, text: str, language: str) -> Directions:
        """How a sentence is played, by the deployment's own tact."""
        return directed(text, self.manners if language == self.manners.language else tact(language))

    def options(self, clock: Clock, review: Reviews | None, session: str | None = None) -> dict[str, Any]:
        """What a `Mind` is made with, besides its knowledge."""
        settings, llm = self.settings, self.settings.llm
        persona = settings.persona
        who = Persona(persona.name, persona.tone, persona.taboo, persona.max_sentences)
        limits = Limits(llm.first_sentence_s, llm.answer_s, grounding=llm.grounding) if llm else Limits()
        room = settings.room
        options: dict[str, Any] = {
            "persona": who,
            "limits": limits,
            "sees": llm is not None and llm.pictures,
            "tools": ToolUser(self.llm, self.toolbox) if self.llm and self.toolbox else None,
            "live": Room(room.answer_from, room.fallback == "silent") if room else None,
            "stage_directions": self.directions,
            "review": review,
            "restyle": self.restyle,
        }
        hook = self._hook(clock, review, session or secrets.token_hex(8))
        if hook is not None and settings.webhook is not None:
            options |= {"instead": hook} if settings.webhook.when == "instead" else {"thinkers": [hook]}
        return options

    def _hook(self, clock: Clock, review: Reviews | None, session: str) -> Webhook | None:
        wanted = self.settings.webhook
        if self.service is None or wanted is None:
            return None
        return Webhook(
            self.service,
            clock,
            dialog=self.settings.dialog,
            session=session,
            language=self.settings.language,
            limits=Limits(wanted.first_sentence_s, wanted.answer_s),
            directions=self.directions,
            review=review,
            taboo=self.settings.persona.taboo,
            trusted=wanted.trusted,
            offers=self.settings.room is None,
        )

    def filler(self, seed: int) -> Filler | None:
        """What bridges a long thought; None where nobody thinks long."""
        if self.llm is None and self.service is None:
            return None
        after_s, language = self.settings.filler.after_s, self.settings.language
        return Filler(self.lines, language, after_s=after_s, seed=seed, directions=self.directions)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that bridge a long thought."""
        say = self.settings.filler.say
        return fillers(self.settings.language) if say is None else say

    def restyle(self, text: str) -> str:
        """A fixed text in the persona's tone, or as it is written."""
        return self.styles.restyle(text) if self.styles is not None else text

    async def close(self) -> None:
        for part in (self.llm, self.toolbox, self.service):
            if part is not None:
                await part.close()
