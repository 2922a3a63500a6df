"""Packages travel as zip files; what strangers send is taken whole and safe, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatars.package import BUILT_IN, load
from avatars.packages import zips
from avatars.packages.archive import CHECKSUMS, export, sweep, take
from avatars.packages.consent import approve, revoke
from avatars.packages.contents import fault
from visavis.errors import ConfigError, SetupError, VisavisError

Pack = Callable[..., Path]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def weights(count: int = 4) -> bytes:
    header = json.dumps({"lip": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(4 * count)


def files(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def everything(place: Path) -> dict[str, bytes]:
    return files(place) if place.is_dir() else {}


@pytest.fixture
def packed(pack: Pack, tmp_path: Path) -> Path:
    """A package as zip."""
    out = tmp_path / "mei.zip"
    export(pack(), out)
    return out


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where it is taken to."""
    return tmp_path / "elsewhere" / "avatars"


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool = True) -> Path:
    """The archive with other contents, whose checksums are made to fit."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    if sums:
        found = {name: hashlib.sha256(data).hexdigest() for name, data in held.items() if name != CHECKSUMS}
        held[CHECKSUMS] = json.dumps(found).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def refused(path: Path, home: Path, said: str, **options: Any) -> None:
    """It is not taken, and nothing of it is left."""
    before = everything(home)
    with pytest.raises((SetupError, ConfigError), match=said):
        take(path, home, **options)
    assert everything(home) == before
    assert not [each for each in home.glob(".*") if each.name != ".revoked"]


# ── out and in ──
def test_a_package_comes_back_as_it_was(pack: Pack, home: Path, tmp_path: Path) -> None:
    folder = pack()
    approve(folder, load(folder).manifest, "Jo Park", lambda: NOON)
    export(folder, tmp_path / "mei.zip")
    manifest = take(tmp_path / "mei.zip", home)
    assert manifest == load(folder).manifest
    assert files(home / "mei") == {name: data for name, data in files(folder).items() if name != "approval.json"}


def test_a_drawn_avatar_travels_too(tmp_path: Path, home: Path) -> None:
    export(BUILT_IN / "hostess", tmp_path / "hostess.zip")
    take(tmp_path / "hostess.zip", home)
    assert files(home / "hostess") == files(BUILT_IN / "hostess")


def test_the_same_package_gives_the_same_bytes(pack: Pack, tmp_path: Path) -> None:
    folder = pack()
    export(folder, tmp_path / "one.zip")
    export(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_nothing_is_written_over_unless_that_is_asked_for(pack: Pack, packed: Path, home: Path) -> None:
    with pytest.raises(SetupError, match="is there already"):
        export(load(packed.parent / "configs/avatars/mei").folder, packed)
    take(packed, home)
    refused(packed, home, "there is an avatar 'mei' already")
    refused(packed, home.parent / "other", "there is an avatar 'mei' already", taken=["mei"])
    take(packed, home, replace=True)


def test_an_avatar_that_may_not_leave_does_not(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="may not leave this place"):
        export(pack(exportable=False), tmp_path / "mei.zip")
    assert not list(tmp_path.glob("*.zip*"))


@pytest.mark.parametrize("spoil", ["body.mp4", "consent.json"])
def test_a_package_that_is_not_whole_is_not_exported(pack: Pack, tmp_path: Path, spoil: str) -> None:
    folder = pack()
    (folder / spoil).write_bytes((folder / spoil).read_bytes() + b" ")
    with pytest.raises(VisavisError, match=r"another file|is not the record"):
        export(folder, tmp_path / "mei.zip")
    assert not list(tmp_path.glob("*.zip*"))


def test_a_link_is_not_followed_out_of_the_folder(pack: Pack, tmp_path: Path) -> None:
    folder = pack()
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (folder / "notes.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(SetupError, match="is no file of its own"):
        export(folder, tmp_path / "mei.zip")


# ── what strangers send ──
@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "C:evil.txt", "..\\evil.txt", "a\\b.txt", "",
        ".", "..", ".hidden", "a//b.txt", "a/", "./a.txt", "nul.txt", "COM1", "a/con/b.txt", "a.", "a .txt",
        "evil\n.txt", "e\u0301vil.txt", "\u2025/evil.txt", "\uff0e\uff0e/evil.txt", "evil\u202etxt.exe",
        "a/b/c/d/e.txt", "x" * 300 + ".txt",
        "MANIFEST.yaml", "manifest.yaml/a.txt", "-rf.txt", "~/evil.txt", "$HOME/evil.txt",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder_or_hides_another(packed: Path, home: Path, name: str) -> None:
    refused(rewritten(packed, lambda held: held.update({name: b"evil"})), home, "cannot be taken")
    assert not [each for each in packed.parent.rglob("*evil*") if each != packed]


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=40) | st.from_regex(r"[./\\a-cA-C:~%\x00 -]{1,12}", fullmatch=True))
def test_every_name_that_is_taken_lies_below_the_folder(name: str) -> None:
    entry = zipfile.ZipInfo(name or "x")
    entry.filename = entry.orig_filename = name
    try:
        zips.looked_at([entry])
    except SetupError:
        return
    assert name.isascii()
    assert (Path("/below") / name).resolve().is_relative_to("/below/")
    assert not set(name) & set("\\:%~ \0")


def test_a_name_with_nul_is_refused(packed: Path, home: Path) -> None:
    rewritten(packed, lambda held: held.update({"evilX.txt": b"evil"}))
    packed.write_bytes(packed.read_bytes().replace(b"evilX.txt", b"evil\0.txt"))
    refused(packed, home, "cannot be taken")


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFDIR | 0o755, stat.S_IFCHR | 0o644]
)
def test_links_and_devices_are_refused(packed: Path, home: Path, mode: int) -> None:
    entry = zipfile.ZipInfo("link.txt")
    entry.external_attr = mode << 16
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(entry, "../../../etc/passwd")
    refused(packed, home, "is a link or a device")


def test_a_bomb_is_refused_before_it_is_unpacked(packed: Path, home: Path) -> None:
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(16 << 20))
    refused(packed, home, "would grow more than")


def test_a_bomb_that_lies_about_its_size_is_refused(packed: Path, home: Path) -> None:
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(1 << 20))
    data = packed.read_bytes()
    packed.write_bytes(data.replace(struct.pack("<I", 1 << 20), struct.pack("<I", 1 << 10)))
    refused(packed, home, "is damaged|is longer")


def test_too_many_files_are_refused_by_the_end_of_the_archive(tmp_path: Path, home: Path) -> None:
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(zips.FILES + 1):
            archive.writestr(f"{n}.txt", b"")
    refused(many, home, "more than 500 files")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"no zip at all" * 100, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_told_so(tmp_path: Path, home: Path, data: bytes) -> None:
    (tmp_path / "no.zip").write_bytes(data)
    refused(tmp_path / "no.zip", home, "cannot be taken")


def test_an_encrypted_file_is_refused(packed: Path, home: Path) -> None:
    data = bytearray(packed.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    packed.write_bytes(data)
    refused(packed, home, "is encrypted")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_an_archive_that_is_cut_off_leaves_nothing(packed: Path, home: Path, share: float) -> None:
    data = packed.read_bytes()
    packed.write_bytes(data[: int(share * len(data))])
    refused(packed, home, "cannot be taken")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255))
def test_a_byte_that_changed_is_noticed_or_does_not_matter(packed: Path, home: Path, place: float, value: int) -> None:
    data = bytearray(packed.read_bytes())
    data[int(place * len(data))] ^= value
    spoilt = packed.with_name("spoilt.zip")
    spoilt.write_bytes(data)
    try:
        manifest = take(spoilt, home, replace=True)
    except VisavisError:
        assert not list(home.glob(".new-*"))
    else:
        assert files(home / manifest.name) == files(packed.parent / "configs" / "avatars" / "mei")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda held: held.pop(CHECKSUMS), "is no avatar package"),
        (lambda held: held.update({"body.mp4": held["body.mp4"] + b"x"}), "are not those that were packed: body.mp4"),
        (lambda held: held.update({"more.txt": b"x"}), "are not those that were packed: more.txt"),
        (lambda held: held.pop("consent.json"), "are not those that were packed: consent.json"),
        (lambda held: held.update({CHECKSUMS: b"[" * 100_000}), "cannot be read"),
    ],
)
def test_checksums_have_to_fit(packed: Path, home: Path, change: Callable[[dict[str, bytes]], None], said: str) -> None:
    refused(rewritten(packed, change, sums=False), home, said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda held: held.pop("manifest.yaml"), "is no avatar package"),
        (lambda held: held.pop("consent.json"), "nobody's likeness"),
        (lambda held: held.pop("body.mp4"), r"body\.video\.file: there is no file"),
        (lambda held: held.update({"body.mp4": b"not a film"}), "begins otherwise|another file"),
        (lambda held: held.update({"approval.json": b"{}"}), "is of another house"),
        (lambda held: held.update({"run.py": b"print()"}), r"files that end in \.py are not taken"),
        (lambda held: held.update({"manifest.yaml": b"name: [\n"}), r"mei\.zip/manifest\.yaml:"),
        (lambda held: held.update({"manifest.yaml": b"!!python/object/apply:os.system [ls]"}), r"manifest\.yaml:1"),
    ],
)
def test_a_package_that_is_wrong_within_is_refused(
    packed: Path, home: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    refused(rewritten(packed, change), home, said)


# ── weights ──
def pickled() -> bytes:
    return pickle.dumps({"weights": [1, 2]})


def objects() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([{}], object), allow_pickle=True)
    return file.getvalue()


def torch_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.pkl", pickled())
    return file.getvalue()


def spoilt() -> Iterator[tuple[str, bytes]]:
    for name, data in (("pickle", pickled()), ("torch", torch_zip()), ("objects", objects()), ("empty", b"")):
        for suffix in (".safetensors", ".onnx", ".npy"):
            yield f"{name}{suffix}", data
    yield "cut.safetensors", weights()[:-1]
    yield "more.safetensors", weights() + b"x"
    yield "huge.safetensors", struct.pack("<Q", 1 << 62) + b"{}"
    yield "lies.safetensors", weights().replace(b"[4]", b"[9]")
    yield "model.pt", pickled()
    yield "model.bin", weights()
    yield "model", weights()


@pytest.mark.parametrize(("name", "data"), list(spoilt()), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_plain_numbers_is_refused_by_what_it_holds(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert fault(tmp_path / name)


def onnx_model(tmp_path: Path, *, outside: bool) -> Path:
    onnx = pytest.importorskip("onnx")
    weight = onnx.numpy_helper.from_array(np.ones((64, 64), np.float32), "w")
    node = onnx.helper.make_node("MatMul", ["x", "w"], ["y"])
    sides = [onnx.helper.make_tensor_value_info(name, 1, [64, 64]) for name in "xy"]
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "lips", sides[:1], sides[1:], [weight]))
    path = tmp_path / "lips.onnx"
    onnx.save(model, str(path), save_as_external_data=outside, location="lips.data", size_threshold=0)
    return path


def test_an_onnx_model_is_taken_unless_its_values_lie_elsewhere(tmp_path: Path) -> None:
    assert fault(onnx_model(tmp_path, outside=False)) == ""
    assert "in other files" in fault(onnx_model(tmp_path, outside=True))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_bytes_break_the_look_into_them(tmp_path: Path, data: bytes) -> None:
    for suffix in (".onnx", ".safetensors", ".npy", ".yaml"):
        path = tmp_path / f"any{suffix}"
        path.write_bytes(data)
        assert isinstance(fault(path), str)


def test_weights_travel_with_the_package(pack: Pack, tmp_path: Path, home: Path) -> None:
    good = weights()
    models = {"lips": {"file": "lips.safetensors", "sha256": hashlib.sha256(good).hexdigest()}}
    export(pack(files={"lips.safetensors": good}, models=models), tmp_path / "mei.zip")
    take(tmp_path / "mei.zip", home)
    assert (home / "mei" / "lips.safetensors").read_bytes() == good


# ── replacing, taking back, being cut off ──
def test_an_update_from_other_recordings_is_refused(pack: Pack, tmp_path: Path, home: Path, packed: Path) -> None:
    take(packed, home)
    pack(configs=tmp_path / "new", kind="premium", title="Another")
    folder = tmp_path / "new" / "avatars" / "mei"
    text = (folder / "manifest.yaml").read_text("utf-8")
    start = text.index("  - name: wave")
    text = text[:start] + "  moving: {start: 50, end: 99}\n" + text[text.index("consent:") :]
    (folder / "manifest.yaml").write_text(text, "utf-8")
    export(folder, tmp_path / "premium.zip")
    refused(tmp_path / "premium.zip", home, "it has another kind", replace=True)


def test_an_approval_stays_with_the_same_consent(packed: Path, home: Path) -> None:
    take(packed, home)
    approve(home / "mei", load(home / "mei").manifest, "Jo Park", lambda: NOON)
    take(packed, home, replace=True)
    assert b"Jo Park" in (home / "mei" / "approval.json").read_bytes()


def test_what_was_taken_back_does_not_come_back(packed: Path, home: Path) -> None:
    take(packed, home)
    revoke(home / "mei", load(home / "mei").manifest, lambda: NOON)
    refused(packed, home, "its consent was taken back on 2026-03-04")


def test_an_old_package_comes_back_when_its_replacement_never_came(packed: Path, home: Path) -> None:
    take(packed, home)
    before = files(home / "mei")
    (home / "mei").rename(home / ".old-mei.0123456789ab")
    sweep(home)
    assert files(home / "mei") == before
    assert not list(home.glob(".*"))
