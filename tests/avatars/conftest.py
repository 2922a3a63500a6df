"""Packages of recorded avatars that a test makes: real manifests and consents around whatever files it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from avatars.packages.consent import Consent

VIDEO = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 8
"""Begins as a film does; nobody decodes it."""
RECORDING = hashlib.sha256(b"the recording").hexdigest()
Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Write `configs/avatars/NAME` and return it; keys of the manifest are replaced by `changes`."""

    def make(
        name: str = "mei",
        *,
        files: Mapping[str, bytes] | None = None,
        frames: int = 100,
        configs: Path | None = None,
        **changes: Any,
    ) -> Path:
        own = (configs or tmp_path / "configs") / "avatars" / name
        own.mkdir(parents=True)
        sums = {}
        for each, data in ({"body.mp4": VIDEO} | dict(files or {})).items():
            (own / each).write_bytes(data)
            sums[each] = hashlib.sha256(data).hexdigest()
        record = Consent(
            person="Mei Chen", company="Acme Robots", purpose="to greet visitors", given=date(2026, 1, 2),
            document_sha256=hashlib.sha256(b"signed").hexdigest(), recordings=(RECORDING,),
        ).model_dump_json().encode()  # fmt: skip
        (own / "consent.json").write_bytes(record)
        body: dict[str, Any] = {"video": {"file": "body.mp4", "sha256": sums["body.mp4"], "frames": frames}}
        if "alpha.mp4" in sums:
            body["alpha"] = {"file": "alpha.mp4", "sha256": sums["alpha.mp4"], "frames": frames}
        body["actions"] = [
            {"name": "idle", "start": 0, "end": 49},
            {"name": "wave", "start": 60, "end": 89, "stroke": 70},
        ]
        manifest = {
            "format": 1, "name": name, "title": "Mei", "renderer": "recorded", "licence": "owned",
            "kind": "motion-editable", "synthetic": "recorded", "keying": "green" if "alpha.mp4" in sums else "none",
            "picture": {"width": 180, "height": 320}, "source": {"video": RECORDING}, "body": body,
            "consent": hashlib.sha256(record).hexdigest(),
        }  # fmt: skip
        manifest |= changes
        kept = {key: value for key, value in manifest.items() if value is not None}
        (own / "manifest.yaml").write_text(yaml.safe_dump(kept, sort_keys=False), "utf-8")
        return own

    return make
