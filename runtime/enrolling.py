"""Enrolment wired: the tasks' folder, the worker that inspects, the recogniser that hears the consent, the store."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from avatars.voices.enrol.clip import read_wav
from avatars.voices.enrol.consent import Decision, Heard, decide
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.inspect import Inspection, with_words
from avatars.voices.enrol.page import page
from avatars.voices.enrol.record import Approval, Consent, Voice
from avatars.voices.enrol.scripts import script
from avatars.voices.enrol.service import CONSENT, NARROW
from avatars.voices.enrol.store import CLIP, EMBEDDING, PROFILE, SAMPLE, Store, file_sha256, folder_of, sha256
from avatars.voices.enrol.task import Stage, Status, Task, Tasks, qid_of
from runtime.enrolling_heard import Hearing
from runtime.settings import Installation
from runtime.speaking_once import sampled
from visavis.engines import Launcher, Message
from visavis.errors import EngineError, VisavisError

log = logging.getLogger(__name__)

SERVICE = "avatars.voices.enrol.service:EnrolService"
TASKS, FINDINGS, REPORT = "voice-tasks", "inspection.json", "report.html"
SHARES: dict[Stage, tuple[float, float]] = {
    "material": (0.0, 0.2), "inspection": (0.2, 0.8), "consent": (0.8, 0.85),
    "training": (0.85, 0.9), "deployment": (0.9, 1.0),
}  # fmt: skip
Told = Callable[[Task], None]


class Enrolling:
    """One for an installation. Its methods raise EnrolError; what goes wrong inside a task is told by the task."""

    def __init__(self, installation: Installation, launcher: Launcher) -> None:
        self._installation, self._launcher = installation, launcher
        self._cache = Path(installation.app.cache.dir)
        self.store = Store(folder_of(self._cache))
        self.tasks = Tasks(self._cache.parent / TASKS)
        self._hearing = Hearing(installation, launcher)
        self._one, self._judging = asyncio.Lock(), asyncio.Lock()

    async def process(self, task_id: str, told: Told = lambda task: None) -> Task:
        """Carry a submitted task as far as it goes, one at a time; `told` sees every step."""
        async with self._one:
            task = await asyncio.to_thread(self.tasks.load, task_id)
            try:
                await self._carry(task, told)
            except EnrolError as error:
                self._fail(task, str(error), told)
            except VisavisError as error:
                log.warning("%s: %s", task.id, error)
                self._fail(task, str(error), told)
            except OSError as error:
                log.error("%s cannot go on: %s", task.id, error)
                self._fail(task, f"it cannot go on: {error.strerror}; look at the disk, then submit it again", told)
            except Exception as error:
                log.exception("%s broke", task.id)
                self._fail(task, f"it broke ({type(error).__name__}); the server's log says how", told)
            return task

    async def approve(self, task_id: str, by: str, told: Told = lambda task: None) -> Task:
        """A named person has listened and found the authorisation right; the voice is finished."""
        async with self._judging:
            task = await self._in_review(task_id)
            await asyncio.to_thread(self.store.approve, task.order.name, by)
            self._to(task, Status.RUNNING, "approved by a person", told)
            await self._deploy(task, told)
            return task

    async def reject(self, task_id: str, by: str, told: Told = lambda task: None) -> Task:
        """A named person has listened and found it wrong: nothing of the voice is kept."""
        async with self._judging:
            task = await self._in_review(task_id)
            if not by.strip():
                raise EnrolError("invalid", "nobody is named", "give the name of who has listened", where="by")
            if self.store.has(task.order.name):
                await asyncio.to_thread(self.store.revoke, task.order.name)
            self._fail(task, "rejected by a person", told)
            return task

    async def _in_review(self, task_id: str) -> Task:
        task = await asyncio.to_thread(self.tasks.load, task_id)
        if task.status is not Status.REVIEW:
            raise EnrolError("unsupported", "the task waits for nobody", "look at its status", where=task_id)
        return task

    def waiting(self) -> list[str]:
        """The tasks that were submitted, or under way when the server ended: these begin anew."""
        self.store.sweep()
        found = []
        for task_id in self.tasks.ids():
            try:
                if self._resumed(self.tasks.load(task_id)):
                    found.append(task_id)
            except EnrolError as error:
                log.warning("%s", error)
        return found

    def _resumed(self, task: Task) -> bool:
        """Whether a task that was kept goes on by itself; what it says of itself is made true. Raises EnrolError."""
        if task.status is Status.RUNNING:
            task.to(Status.SUBMITTED, "begun anew after a restart", self.tasks.now(), stage="material")
            self.tasks.save(task)
        if task.status is Status.REVIEW:
            if self.store.has(task.order.name):
                return self.store.load(task.order.name).usable  # the server ended while it was approved
            task.to(Status.FAILED, "its voice was taken back", self.tasks.now())
            self.tasks.save(task)
        return task.status is Status.SUBMITTED

    # ── the steps ──
    async def _carry(self, task: Task, told: Told) -> None:
        name = task.order.name
        if self.store.has(name):
            await self._go_on(task, self.store.load(name), told)
            return
        self._to(task, Status.RUNNING, "decoding the recordings", told, stage="material")
        checked = await self._checked(task, told)
        inspection = await self._with_words(task, Inspection.model_validate(checked["inspection"]), checked["speech"])
        await asyncio.to_thread(self._report, task, inspection)
        if not inspection.passed:
            worst = inspection.findings[0]
            problem = f"{worst.rule}: {worst.measured:g} {worst.unit}, limit {worst.limit:g}".rstrip()
            raise EnrolError("invalid", problem, worst.advice.en, where=worst.file)
        decision, heard = await self._decided(task, checked, told)
        if decision.verdict == "refused":
            raise EnrolError("no_consent", decision.reason, "record the script with the speaker", where="consent")
        task.enter("training", "making the voice", self.tasks.now())
        self._save(task, told)
        voice = await asyncio.to_thread(self._made, task, checked, inspection, decision, heard)
        task.qid, task.gender = voice.qid, voice.gender
        if voice.usable:
            await self._deploy(task, told)
        else:
            self._to(task, Status.REVIEW, decision.reason, told, stage="consent")

    async def _go_on(self, task: Task, voice: Voice, told: Told) -> None:
        """The voice was made, whole, before a restart: one that was approved speaks, another one waits."""
        if voice.qid != qid_of(task):
            problem, remedy = "there is a voice of that name", "revoke it first, or choose another name"
            raise EnrolError("exists", problem, remedy, where=task.order.name)
        self._to(task, Status.RUNNING, "goes on after a restart", told)
        task.qid, task.gender = voice.qid, voice.gender
        if voice.usable:
            await self._deploy(task, told)
        else:
            self._to(task, Status.REVIEW, "a person has to listen", told, stage="consent")

    async def _checked(self, task: Task, told: Told) -> dict[str, Any]:
        """What the worker finds: inspection, likeness of the consent's voice, the clip."""
        assert task.consent is not None
        pool = await self._launcher.pool(SERVICE, workers=1, options={"cache": str(self._cache)})
        try:
            stream = await pool.open({})
            files = [[each.kept, each.name] for _, each in sorted(task.recordings.items(), key=lambda e: int(e[0]))]
            order: Message = {
                "folder": str(self.tasks.path(task.id)), "profile": task.order.profile,
                "recordings": files, "consent": [task.consent.kept, task.consent.name],
            }  # fmt: skip
            await stream.append(order)
            await stream.end()
            async for reply in stream:
                if "fault" in reply:
                    code, problem, remedy, where = reply["fault"]
                    raise EnrolError(code, problem, remedy, where=where)
                if "result" in reply:
                    return cast("dict[str, Any]", json.loads(reply["result"]))
                self._step(task, reply["stage"], float(reply["share"]), told)
        finally:
            await pool.close()
        raise EngineError("enrolment", "the worker ended without a result", "submit the task again", retryable=True)

    async def _decided(self, task: Task, checked: dict[str, Any], told: Told) -> tuple[Decision, Heard | None]:
        order = task.order
        heard = None
        if checked["similarity"] >= checked["threshold"]:
            self._step(task, "consent", 0.5, told)
            pcm, _ = read_wav(await asyncio.to_thread((self.tasks.path(task.id) / CONSENT).read_bytes))
            said = script(order.language, order.speaker, order.company)
            heard = await self._hearing.authorisation(pcm, order.language, said)
        found = decide(checked["similarity"], checked["threshold"], heard, order.language, order.speaker, order.company)
        return found, heard

    async def _with_words(self, task: Task, inspection: Inspection, speech: list[list[float]]) -> Inspection:
        """What the words tell besides: fillers and repeats that only a full recogniser hears."""
        pcm, _ = read_wav(await asyncio.to_thread((self.tasks.path(task.id) / NARROW).read_bytes))
        said = await self._hearing.pieces(pcm, speech, task.order.language)
        return inspection if said is None else with_words(inspection, said)

    def _made(
        self, task: Task, checked: dict[str, Any], inspection: Inspection, decision: Decision, heard: Heard | None
    ) -> Voice:
        order, folder = task.order, self.tasks.path(task.id)
        assert task.consent is not None
        said = script(order.language, order.speaker, order.company)
        consent = Consent(
            audio_sha256=file_sha256(folder / task.consent.kept), script=said, script_sha256=sha256(said.encode()),
            language=order.language, speaker=order.speaker, company=order.company, recorded=self.tasks.now(),
            similarity=round(checked["similarity"], 4), threshold=checked["threshold"],
            sentence=round(decision.likeness.sentence, 3) if decision.likeness is not None else None,
            heard_by=heard.engine if heard is not None else "", approval=self._approval(task, decision, heard),
        )  # fmt: skip
        counts: dict[str, int] = {}
        for each in inspection.findings:
            counts[each.rule] = counts.get(each.rule, 0) + 1
        voice = Voice(
            name=order.name, qid=qid_of(task), language=order.language, gender=checked["gender"], profile=order.profile,
            created=self.tasks.now(), consent=consent, files={}, effective_s=inspection.effective_s, findings=counts,
        )  # fmt: skip
        files = {
            CLIP: (folder / CLIP).read_bytes(),
            EMBEDDING: json.dumps(checked["embedding"]).encode(),
            "consent.wav": (folder / CONSENT).read_bytes(),
        }
        if (folder / PROFILE).is_file():
            files[PROFILE] = (folder / PROFILE).read_bytes()
        return self.store.add(voice, files)

    def _approval(self, task: Task, decision: Decision, heard: Heard | None) -> Approval | None:
        if decision.verdict == "approved" and heard is not None:
            return Approval(how="asr", by=heard.engine, at=self.tasks.now())
        who = " ".join(task.order.approved_by.split())
        return Approval(how="person", by=who, at=self.tasks.now()) if who else None

    async def _deploy(self, task: Task, told: Told) -> None:
        """Let the voice say something, and measure how like it is; one that cannot speak here is kept all the same."""
        self._step(task, "deployment", 0.0, told)
        try:
            voice = await asyncio.to_thread(self.store.usable, task.order.name)
            if SAMPLE not in voice.files:
                voice = await sampled(self.store, task.order.name, self._installation, self._launcher)
            task.sample, spoken = True, f"spoken by {voice.spoken_by}, likeness {voice.similarity:.2f}"
        except VisavisError as error:
            log.warning("%s has no sample: %s", task.order.name, error)
            spoken = f"it has not spoken yet: {error}"
        task.progress = 1.0
        self._to(task, Status.FINISHED, f"task is finished; {spoken}", told, stage="deployment")

    # ── the task ──
    def _report(self, task: Task, inspection: Inspection) -> None:
        self.tasks.keep(task, FINDINGS, inspection.model_dump(mode="json"))
        language = "zh" if task.order.language == "zh" else "en"
        (self.tasks.path(task.id) / REPORT).write_text(page(inspection, language), "utf-8")

    def _step(self, task: Task, stage: Stage, share: float, told: Told) -> None:
        begin, end = SHARES[stage]
        task.progress = begin + (end - begin) * min(1.0, share)
        if task.stage != stage:
            task.enter(stage, f"{stage} has begun", self.tasks.now())
            self._save(task, told)
        else:
            told(task)

    def _fail(self, task: Task, reason: str, told: Told) -> None:
        if task.status is Status.CREATED:
            return
        self._to(task, Status.FAILED, reason, told)

    def _to(self, task: Task, status: Status, message: str, told: Told, *, stage: Stage | None = None) -> None:
        task.to(status, message, self.tasks.now(), stage=stage)
        self._save(task, told)

    def _save(self, task: Task, told: Told) -> None:
        if self.tasks.path(task.id).is_dir():  # it may have been deleted meanwhile
            self.tasks.save(task)
        told(task)
