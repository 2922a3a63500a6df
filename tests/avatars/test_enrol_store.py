"""The folder of enrolled voices, and the tasks that fill it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from avatars.voices.enrol import upload
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import Approval, Consent, Voice
from avatars.voices.enrol.store import CLIP, REVOKED, VOICE, Store
from avatars.voices.enrol.task import Order, Status, Tasks, Upload, result

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def a_voice(name: str = "mia", *, approved: bool = True, similarity: float = 0.9) -> Voice:
    consent = Consent(
        audio_sha256="ab" * 32, script="My name is Mia.", script_sha256="cd" * 32, language="en", speaker="Mia Chen",
        company="Acme", recorded=DAY, similarity=similarity, threshold=0.75,
        approval=Approval(how="person", by="Jo Park", at=DAY) if approved else None,
    )  # fmt: skip
    return Voice(
        name=name, qid=f"v_{name}", language="en", profile="fast", created=DAY, consent=consent, files={},
        effective_s=60,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "voices", lambda: DAY)


def test_a_voice_is_kept_with_the_hashes_of_its_files(store: Store) -> None:
    store.add(a_voice(), {CLIP: b"sound"})
    assert store.names() == ["mia"]
    assert store.usable("mia").consent.speaker == "Mia Chen"
    (store.path("mia") / CLIP).write_bytes(b"other sound")
    with pytest.raises(EnrolError, match=r"clip\.wav is not the file that was enrolled"):
        store.usable("mia")


def test_without_an_approved_consent_there_is_no_voice(store: Store) -> None:
    store.add(a_voice(approved=False), {})
    with pytest.raises(EnrolError, match="its authorisation is not approved") as caught:
        store.usable("mia")
    assert caught.value.code == "no_consent"
    with pytest.raises(EnrolError, match="nobody is named"):
        store.approve("mia", "  ")
    approval = store.approve("mia", "Jo  Park").consent.approval
    assert approval is not None
    assert (approval.how, approval.by, approval.at) == ("person", "Jo Park", DAY)
    assert store.usable("mia").name == "mia"


def test_nobody_can_approve_another_person_s_voice(store: Store) -> None:
    store.add(a_voice(approved=False, similarity=0.5), {})
    with pytest.raises(EnrolError, match="not spoken by the voice itself"):
        store.approve("mia", "Jo Park")


def test_taking_it_back_leaves_a_hash_and_a_date(store: Store) -> None:
    store.add(a_voice(), {CLIP: b"sound"})
    spoken = store.path("mia") / "spoken" / "speech"
    spoken.mkdir(parents=True)
    (spoken / "said.speech").write_bytes(b"hello")
    store.revoke("mia")
    left = [each for each in store.folder.rglob("*") if each.is_file()]
    assert [each.name for each in left] == [REVOKED]
    assert json.loads(left[0].read_text()) == {"sha256": "ab" * 32, "revoked": "2026-03-01T00:00:00Z"}
    assert store.names() == []
    with pytest.raises(EnrolError, match="its owner has taken it back"):
        store.load("mia")
    with pytest.raises(EnrolError, match="its owner has taken it back"):
        store.revoke("mia")
    store.add(a_voice(), {CLIP: b"sound again"})
    assert (store.path("mia") / REVOKED).is_file()


def test_a_revocation_that_was_cut_off_is_finished_later(store: Store) -> None:
    gone = store.folder / ".gone-1234"
    gone.mkdir(parents=True)
    (gone / CLIP).write_bytes(b"sound")
    store.add(a_voice(), {})
    assert not gone.exists()


@pytest.mark.parametrize("name", ["", "..", "a/b", "Mia", ".new-x", "a" * 65, "a\0"])
def test_no_name_leads_elsewhere(store: Store, name: str) -> None:
    for step in (store.load, store.revoke, store.usable):
        with pytest.raises(EnrolError, match="no name of a voice"):
            step(name)


def test_a_record_that_was_tampered_with_is_refused(store: Store) -> None:
    store.add(a_voice(), {})
    (store.path("mia") / VOICE).write_text('{"name": "mia"}')
    with pytest.raises(EnrolError, match="cannot be read"):
        store.load("mia")


# ── tasks ──
ORDER = Order(name="mia", speaker="Mia Chen", company="Acme")


@pytest.fixture
def tasks(tmp_path: Path) -> Tasks:
    return Tasks(tmp_path / "tasks", lambda: DAY)


def test_a_task_goes_only_where_it_may(tasks: Tasks) -> None:
    task = tasks.create(ORDER)
    with pytest.raises(EnrolError, match="a task that is created cannot become finished"):
        task.to(Status.FINISHED, "done", DAY)
    for status in (Status.SUBMITTED, Status.RUNNING, Status.REVIEW, Status.RUNNING, Status.FINISHED):
        task.to(status, status.name, DAY)
    with pytest.raises(EnrolError, match="finished cannot become submitted"):
        task.to(Status.SUBMITTED, "again", DAY)
    tasks.save(task)
    again = Tasks(tasks.folder).load(task.id)
    assert [each.text for each in again.log] == ["SUBMITTED", "RUNNING", "REVIEW", "RUNNING", "FINISHED"]


def test_the_result_has_the_fields_that_clients_know(tasks: Tasks) -> None:
    task = tasks.create(ORDER)
    told = result(task)
    fields = "msg stage voice taskId tenant modelUrl taskType taskStatus stageStatus updatedTime sampleAudioUrl"
    assert set(fields.split()) <= set(told)
    assert told["voice"] == {"qid": "", "name": "mia", "gender": 0, "languages": []}
    task.status, task.qid, task.sample = Status.FINISHED, "v_1", True
    told = result(task)
    assert (told["taskStatus"], told["sampleAudioUrl"]) == (5, "/api/voices/mia/sample")
    assert told["voice"] == {"qid": "v_1", "name": "mia", "gender": 0, "languages": ["en"]}


def test_uploads_stay_in_their_folder_and_below_their_limit(tasks: Tasks) -> None:
    task = tasks.create(ORDER)
    file = upload.begin(tasks, task, "3", "../../etc/voice.WAV")
    assert (file.name, file.kept) == ("voice.WAV", "recording-3.wav")
    assert upload.place(tasks, task, file).parent == tasks.path(task.id)
    for role, name in (("0", "a.wav"), ("51", "a.wav"), ("x", "a.wav"), ("1", "a.exe"), ("１", "a.wav")):
        with pytest.raises(EnrolError):
            upload.begin(tasks, task, role, name)
    with pytest.raises(EnrolError, match="a file may have"):
        upload.allowed(task, file, 0, upload.FILE_LIMIT + 1)
    with pytest.raises(EnrolError, match="0 bytes are here, the next piece begins at 7"):
        upload.allowed(task, file, 7, 100)


def test_what_is_not_whole_is_not_submitted(tasks: Tasks) -> None:
    task = tasks.create(ORDER)
    with pytest.raises(EnrolError, match="there is no recording"):
        upload.complete(task)
    task.recordings["1"] = Upload(name="a.wav", kept="recording-1.wav", size=10, total=10)
    with pytest.raises(EnrolError, match="there is no spoken authorisation") as caught:
        upload.complete(task)
    assert caught.value.code == "no_consent"
    task.consent = Upload(name="c.wav", kept="consent.wav", size=5, total=10)
    with pytest.raises(EnrolError, match=r"c\.wav is not complete"):
        upload.complete(task)


@pytest.mark.parametrize("task_id", ["", "..", "voice-1", "voice-" + "g" * 16, "/etc"])
def test_no_task_leads_elsewhere(tasks: Tasks, task_id: str) -> None:
    with pytest.raises(EnrolError, match="is no task"):
        tasks.load(task_id)
