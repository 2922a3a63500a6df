"""Packages as zip files: out whole, in safely, or not at all.

An archive holds the package's files as they lie in its folder, and `checksums.json` with the sha256 of each.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
import zipfile
from collections.abc import Collection
from pathlib import Path

from avatars.packages import contents, zips
from avatars.packages.consent import APPROVAL, record, stone_of
from avatars.packages.folder import intact, members, opened
from avatars.packages.manifest import MANIFEST, Manifest, update_fault
from avatars.packages.zips import refused
from avatars.records import file_sha256
from visavis.errors import ConfigError, SetupError

CHECKSUMS = "checksums.json"
STALE_S = 3600.0
_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = frozenset({".yaml", ".json", ".txt", ".md", ".svg", ".npy"})
"""What becomes smaller when it is packed."""


def export(folder: Path, out: Path, *, replace: bool = False) -> dict[str, str]:
    """Write the package in `folder` to `out`; names to sha256. The same package gives the same bytes.

    Raises SetupError, ConfigError, OSError; then nothing is written.
    """
    document, manifest = opened(folder)
    if not manifest.exportable:
        raise document.error("exportable", f"{manifest.name} may not leave this place", "ask who made it")
    if out.exists() and not replace:
        raise SetupError(f"{out} is there already", "give --replace, or another name")
    intact(folder, document, manifest)
    if manifest.synthetic == "recorded":
        record(folder, manifest)
    found = dict(members(folder))
    for name, path in found.items():
        if problem := contents.fault(path):
            raise SetupError(f"{path}: {problem}", f"take {name} out of the folder")
    sums = {name: file_sha256(path) for name, path in found.items()}
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with zipfile.ZipFile(part, "x", allowZip64=False) as archive:
            archive.writestr(_entry(CHECKSUMS), json.dumps(sums, indent=1))
            for name, path in found.items():
                with path.open("rb") as file, archive.open(_entry(name), "w") as packed:
                    shutil.copyfileobj(file, packed, zips.PART)
            zips.looked_at(archive.infolist())
        part.replace(out)
    except (zipfile.LargeZipFile, RuntimeError) as error:
        raise SetupError(f"{manifest.name} is too large for an archive", "scale the video, or shorten it") from error
    finally:
        part.unlink(missing_ok=True)
    return sums


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED if Path(name).suffix in _PACKED else zipfile.ZIP_STORED
    entry.external_attr = 0o100644 << 16
    return entry


def take(path: Path, avatars: Path, *, replace: bool = False, taken: Collection[str] = ()) -> Manifest:
    """Unpack the archive at `path` as a folder of `avatars`; what it says of itself.

    `taken` are names that are in use besides the folder's own. Raises SetupError, ConfigError, OSError; then nothing
    of it is left, and what was there is as it was.
    """
    avatars.mkdir(parents=True, exist_ok=True)
    sweep(avatars)
    made = avatars / f".new-{secrets.token_hex(6)}"
    try:
        with zips.listed(path) as archive:
            made.mkdir(mode=0o700)
            sums = zips.unpack(archive, made)
        _check_sums(made, sums)
        manifest = _manifest(made, path)
        _check_name(avatars, manifest, taken, replace)
        _check_consent(made, avatars, manifest)
        _keep_approval(made, avatars / manifest.name, manifest)
        _swap(made, avatars / manifest.name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return manifest


def _check_sums(made: Path, sums: dict[str, str]) -> None:
    """Hold what was unpacked against `checksums.json`, which goes then, and look into every file."""
    place = made / CHECKSUMS
    if CHECKSUMS not in sums or MANIFEST not in sums:
        raise refused("it is no avatar package: checksums or manifest are not in it")
    if contents.fault(place):
        raise refused(f"{CHECKSUMS} cannot be read")
    try:
        said = json.loads(place.read_bytes())
    except (ValueError, RecursionError) as error:
        raise refused(f"{CHECKSUMS} cannot be read") from error
    del sums[CHECKSUMS]
    if said != sums:
        different = sorted(set(sums) ^ set(said)) if isinstance(said, dict) else []
        different = different or [name for name in sums if isinstance(said, dict) and said.get(name) != sums[name]]
        raise refused(f"its files are not those that were packed: {', '.join(map(str, different[:3])) or CHECKSUMS}")
    place.unlink()
    for name in sums:
        if name == APPROVAL:
            raise refused(f"{APPROVAL} is of another house")
        if problem := contents.fault(made / name):
            raise refused(f"{name}: {problem}")


def _manifest(made: Path, path: Path) -> Manifest:
    """What the package says of itself; its faults are told as those of the archive."""
    try:
        document, manifest = opened(made)
        intact(made, document, manifest)
    except ConfigError as error:
        raise ConfigError(f"{path}/{MANIFEST}", error.line, error.key, error.problem, error.remedy) from error
    return manifest


def _check_name(avatars: Path, manifest: Manifest, taken: Collection[str], replace: bool) -> None:
    place = avatars / manifest.name
    if not replace and ((place / MANIFEST).exists() or manifest.name in taken):
        raise SetupError(f"there is an avatar {manifest.name!r} already", "give --replace to put this one in its place")
    if not (place / MANIFEST).exists():
        return
    try:
        _, old = opened(place)
    except ConfigError:
        return
    if "recorded" in (old.synthetic, manifest.synthetic) and (problem := update_fault(old, manifest)):
        problem = f"this is no update of {manifest.name!r}: {problem}"
        raise SetupError(problem, f"update it from what it was made of, or first: visavis avatar revoke {old.name}")


def _check_consent(made: Path, avatars: Path, manifest: Manifest) -> None:
    if manifest.synthetic == "drawn":
        return
    if (stone := stone_of(avatars, record(made, manifest))) is not None:
        problem = f"{manifest.name}: its consent was taken back on {stone.revoked:%Y-%m-%d}"
        raise SetupError(problem, "have the person sign anew")


def _keep_approval(made: Path, place: Path, manifest: Manifest) -> None:
    """Whoever approved the consent of the package that is replaced approved this one's, if it is the same."""
    if (place / APPROVAL).is_file() and manifest.consent is not None:
        shutil.copyfile(place / APPROVAL, made / APPROVAL)


def _swap(made: Path, place: Path) -> None:
    """Put what was made into its place; what is there goes only then."""
    made.chmod(0o755)
    old = place.with_name(f".old-{place.name}.{secrets.token_hex(6)}")
    if place.exists():
        place.rename(old)
    try:
        made.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def sweep(avatars: Path) -> None:
    """Remove what was never finished, and bring back what was about to be replaced when the machine stopped."""
    for each in avatars.glob(".old-*"):
        place = avatars / each.name.removeprefix(".old-").rpartition(".")[0]
        if place.exists():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.rename(place)
    for each in avatars.glob(".gone-*"):
        shutil.rmtree(each, ignore_errors=True)
    for each in avatars.glob(".new-*"):
        if each.stat().st_mtime < time.time() - STALE_S:
            shutil.rmtree(each, ignore_errors=True)
