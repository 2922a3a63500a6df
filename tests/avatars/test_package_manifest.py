"""What a package of a recorded avatar may say, and that nobody's likeness is used without consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from avatars.package import find, load, named
from avatars.packages.consent import approve, revoke
from avatars.packages.kinds import RECORDED
from avatars.packages.manifest import Manifest, update_fault
from visavis.errors import ConfigError, SetupError

Pack = Callable[..., Path]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    path = folder / "manifest.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return folder


def approved(folder: Path) -> Path:
    approve(folder, load(folder).manifest, "Jo Park", lambda: NOON)
    return folder


def test_a_recorded_avatar_has_the_actions_and_strokes_of_its_footage(pack: Pack) -> None:
    avatar = load(pack())
    assert avatar.recorded
    assert avatar.limited
    assert avatar.actions == ("idle", "wave")
    assert avatar.gestures.stroke == {"wave": 0.4}


def test_its_own_manners_win_over_the_footage(pack: Pack) -> None:
    assert load(pack(gestures={"stroke": {"wave": 0.5}})).gestures.stroke == {"wave": 0.5}


def test_frames_are_written_as_times_too(pack: Pack) -> None:
    idle = {"name": "idle", "start": "0 s", "end": "1+24"}
    folder = changed(
        pack(), lambda data: data["body"].update(actions=[idle, {"name": "ok", "start": 60, "end": "2.6 s"}])
    )
    assert [(each.start, each.end) for each in load(folder).manifest.bodies[0].actions] == [(0, 49), (60, 65)]


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (lambda d: d["body"]["actions"][1].update(end=120), "body.actions[1].end", "its last one is 99"),
        (lambda d: d["body"]["actions"][1].update(name="wafe"), "body.actions[1].name", "did you mean 'wave'"),
        (lambda d: d["body"]["actions"].reverse(), "body.actions[0].name", "put idle first"),
        (lambda d: d["body"]["video"].update(file="../body.mp4"), "body.video.file", "cannot be used"),
        (lambda d: d["body"]["video"].update(file="/etc/passwd"), "body.video.file", "cannot be used"),
        (lambda d: d["body"].update(transition=7), "body.transition", "less than or equal to 6"),
        (lambda d: d.update(format=2), "format", "not known here"),
        (lambda d: d.update(kind="drawn"), "kind", "standard"),
        (lambda d: d.pop("consent"), "kind", "needs the key 'consent'"),
        (lambda d: d.update(actions=["wave"]), "actions", "body.actions"),
        (lambda d: d["picture"].update(width=181), "picture.width", "multiple of 2"),
        (lambda d: d.update(keying="green"), "body", "needs `alpha`"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(
    pack: Pack, change: Callable[[dict[str, Any]], None], key: str, said: str
) -> None:
    folder = changed(pack(), change)
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert (caught.value.key, said in str(caught.value)) == (key, True), str(caught.value)
    assert caught.value.line > 1 or key == "format"


@pytest.mark.parametrize("kind", sorted(RECORDED))
@pytest.mark.parametrize("keying", ["none", "green", "portrait", "green-after"])
@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize("looks", [0, 1, 2])
def test_each_kind_has_what_it_may_have(kind: str, keying: str, acts: bool, moves: bool, looks: int) -> None:
    video = {"file": "b.mp4", "sha256": "a" * 64, "frames": 200}
    actions = [{"name": "idle", "start": 0, "end": 90}, {"name": "ok", "start": 99, "end": 150}][: 1 + acts]
    body: dict[str, Any] = {"video": video, "actions": actions}
    body |= {"alpha": video} if keying != "none" else {}
    body |= {"moving": {"start": 100, "end": 199}} if moves else {}
    shown = {"looks": [body | {"name": f"look{n}"} for n in range(looks)]} if looks else {"body": body}
    said = {
        "name": "mei", "title": "Mei", "renderer": "recorded", "licence": "owned", "synthetic": "recorded",
        "kind": kind, "keying": keying, "picture": {"width": 64, "height": 64}, "source": {"video": "b" * 64},
        "consent": "c" * 64,
    } | shown  # fmt: skip
    allowed = {
        "standard": not acts and not moves and not looks,
        "premium": not acts and moves and not looks,
        "motion-editable": acts and not moves and not looks,
        "quick": not acts and not moves and not looks and keying == "none",
        "multi-scene": not moves and looks == 2,
    }[kind]
    if allowed:
        assert Manifest.model_validate(said).kind == kind
    else:
        with pytest.raises(ValueError, match=kind):
            Manifest.model_validate(said)


# ── consent ──
def test_an_avatar_can_be_used_once_a_person_has_approved_its_consent(pack: Pack, tmp_path: Path) -> None:
    folder = pack()
    with pytest.raises(SetupError, match="visavis avatar approve mei --by NAME"):
        find("mei", tmp_path / "configs")
    approved(folder)
    assert find("mei", tmp_path / "configs").name == "mei"


def test_nobody_approves_without_a_name(pack: Pack) -> None:
    folder = pack()
    with pytest.raises(SetupError, match="nobody is named"):
        approve(folder, load(folder).manifest, "  ", lambda: NOON)


def test_an_approval_is_for_one_record(pack: Pack, tmp_path: Path) -> None:
    folder = approved(pack())
    record = folder / "consent.json"
    record.write_bytes(record.read_bytes().replace(b"greet", b"sell to"))
    with pytest.raises(SetupError, match="is not the record that the manifest names"):
        find("mei", tmp_path / "configs")


def test_a_consent_is_for_one_recording(pack: Pack, tmp_path: Path) -> None:
    pack(source={"video": "d" * 64})
    with pytest.raises(SetupError, match="not for the recording"):
        find("mei", tmp_path / "configs")


def test_no_record_no_avatar(pack: Pack, tmp_path: Path) -> None:
    (approved(pack()) / "consent.json").unlink()
    with pytest.raises(SetupError, match="nobody's likeness"):
        find("mei", tmp_path / "configs")


def test_a_file_that_is_not_there_is_named_with_its_line(pack: Pack, tmp_path: Path) -> None:
    (approved(pack()) / "body.mp4").unlink()
    with pytest.raises(ConfigError, match=r"body\.video\.file: there is no file body\.mp4"):
        find("mei", tmp_path / "configs")


def test_a_person_takes_his_likeness_back_and_nothing_but_a_hash_stays(pack: Pack, tmp_path: Path) -> None:
    folder = approved(pack())
    stone = revoke(folder, load(folder).manifest, lambda: NOON)
    left = [each for each in (tmp_path / "configs" / "avatars").rglob("*") if each.is_file()]
    assert stone is not None
    assert [each.name for each in left] == [f"{stone.sha256}.json"]
    assert b"Mei" not in left[0].read_bytes()
    with pytest.raises(SetupError, match="no avatar named"):
        find("mei", tmp_path / "configs")


def test_a_drawn_avatar_is_nobodys_likeness(tmp_path: Path) -> None:
    drawn = named("presenter", tmp_path)
    with pytest.raises(SetupError, match="is drawn"):
        revoke(drawn.folder, drawn.manifest)
    assert find("presenter", tmp_path).name == "presenter"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": "Mei 2", "scale": 0.5}, ""),
        ({"source": {"video": "e" * 64}}, "it has another source"),
        ({"kind": "multi-scene"}, "it has another kind"),
        ({"models": {"lips": {"file": "l.onnx", "sha256": "f" * 64}}}, "it has another model"),
    ],
)
def test_an_update_is_of_the_same_kind_from_the_same_pair(pack: Pack, changes: dict[str, Any], fault: str) -> None:
    old = load(pack()).manifest
    new = old.model_copy(update=changes)
    assert update_fault(old, new) == fault
