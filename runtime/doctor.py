"""What this machine has, what it lacks, and the line that brings it.

Whatever is GPL, or loads native code that may fail, is tried in a process of its own; the product's own
parts are imported where they are looked at, so that a package gone missing is one finding among others.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from visavis.errors import ConfigError, SetupError, VisavisError
from visavis.weights import GE2E, MINILM, MINILM_TOKENIZER, SILERO, SMART_TURN, Weight, locate

if TYPE_CHECKING:
    from runtime.settings import Dialog, Installation, Server

APT = "apt-get install -y --no-install-recommends "
SETUP = "make setup"
PROBE_S = 30.0
"""A probe that takes longer counts as failed."""


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    `ok`: True is well, False is broken and needed, None is absent and optional.
    `remedy`: the line that brings it, empty when `ok`.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""


ENCODER_PROBE = """
import sys, numpy, av
def coded(name):
    context = av.CodecContext.create(name, "w")
    context.width, context.height, context.pix_fmt, context.framerate = 64, 64, "yuv420p", 25
    frame = av.VideoFrame.from_ndarray(numpy.zeros((96, 64), numpy.uint8), format="yuv420p")
    return sum(len(bytes(packet)) for packet in [*context.encode(frame), *context.encode(None)]) > 0
print(coded(sys.argv[1]) and av.library_versions["libavcodec"][0])
"""
SKIA_PROBE = """
import skia
surface = skia.Surface(16, 16)
surface.getCanvas().clear(skia.ColorRED)
print(skia.__version__ if surface.toarray()[8, 8].any() else "")
"""
ESPEAK_PROBE = """
import ctypes, espeakng_loader
library = ctypes.CDLL(espeakng_loader.get_library_path())
library.espeak_Info.restype = ctypes.c_char_p
rate = library.espeak_Initialize(2, 100, espeakng_loader.get_data_path().encode(), 0)
print(library.espeak_Info(None).decode() if rate > 0 else "")
"""
SPHINX_PROBE = """
import pathlib, pocketsphinx
model = pathlib.Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
print("the en-us model" if (model / "mdef").exists() else "")
"""


def probe(script: str, *arguments: str) -> tuple[bool, str]:
    """Run `script` in a fresh interpreter: whether it printed something, and that or the last line of its error."""
    command = [sys.executable, "-I", "-c", script, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False, f"no answer within {PROBE_S:.0f} s"
    output = done.stdout.strip()
    if done.returncode == 0 and output not in ("", "False", "None"):
        return True, output
    errors = done.stderr.strip().splitlines()
    return False, errors[-1] if errors else f"ended with code {done.returncode} and said nothing"


def examine(config_dir: Path) -> list[Check]:
    """Look at everything, about three seconds; never raises for what it finds."""
    checks: list[Check] = []
    for look in LOOKS:
        try:
            checks += look(config_dir)
        except Exception as error:
            checks.append(Check(look.__name__.strip("_"), False, f"could not be examined: {error}", "report this"))
    return checks


def report(checks: Iterable[Check]) -> str:
    """The checks as lines for a person; what is wrong carries its remedy on the next line."""
    lines = []
    for check in checks:
        sign = {True: "ok  ", False: "FAIL", None: "-   "}[check.ok]
        lines.append(f"{sign}  {check.name}: {check.detail}")
        if check.remedy:
            lines.append(f"      -> {check.remedy}")
    return "\n".join(lines)


def as_json(checks: Iterable[Check]) -> str:
    """`{"ok": …, "checks": [{name, ok, detail, remedy}]}`; `ok` is false when a needed thing is broken."""
    rows = [asdict(check) for check in checks]
    return json.dumps({"ok": all(row["ok"] is not False for row in rows), "checks": rows}, ensure_ascii=False)


def _machine(_config_dir: Path) -> list[Check]:
    import psutil

    version = ".".join(map(str, sys.version_info[:3]))
    new_enough = sys.version_info >= (3, 11)
    memory = psutil.virtual_memory()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    available_gb = memory.available / 2**30
    return [
        Check("python", new_enough, version, "" if new_enough else APT + "python3 python3-venv, then " + SETUP),
        Check("cores", True if cores >= 2 else None, f"{cores}", "" if cores >= 2 else "give it two cores or more"),
        Check(
            "memory",
            True if available_gb >= 1 else None,
            f"{available_gb:.1f} GB free of {memory.total / 2**30:.1f}",
            "" if available_gb >= 1 else "free 1 GB, or open fewer sessions",
        ),
    ]


def _configuration(config_dir: Path) -> list[Check]:
    """The files, and what they ask of the machine: a free port, a certificate that fits its key, known engines."""
    from runtime.settings import Installation

    try:
        installation = Installation(config_dir)
    except VisavisError as error:
        return [_refused("configuration", error)]
    named = sorted({name for dialog in installation.dialogs.values() for name in dialog.knowledge})
    count = f"{len(installation.dialogs)} dialogs in {config_dir}"
    return [
        Check("configuration", True, count),
        *(_knowledge(name, config_dir / "knowledge") for name in named),
        *(_dialog(dialog, installation) for dialog in installation.dialogs.values()),
        _port(installation.app.server.host, installation.app.server.port),
        _tls(installation.app.server),
    ]


def _refused(name: str, error: VisavisError) -> Check:
    remedy = error.remedy if isinstance(error, ConfigError | SetupError) else ""
    return Check(name, False, str(error).removesuffix(f"; {remedy}"), remedy)


def _knowledge(name: str, folder: Path) -> Check:
    try:
        from knowledge.library import load_library

        library = load_library(name, folder)
    except VisavisError as error:
        return _refused(f"knowledge {name}", error)
    return Check(f"knowledge {name}", True, f"{len(library.faq)} questions")


def _dialog(dialog: Dialog, installation: Installation) -> Check:
    """The parts that the dialog's file names, and whether its language model has its key."""
    from runtime.choices import EngineChoice
    from runtime.parts import avatar_of, embedder_class, engine_class, tree_of
    from runtime.trees import Trees

    name, document = f"dialog {dialog.dialog}", installation.documents.get(dialog.dialog)
    matching = installation.app.embedder_for(dialog.language)[1].engine
    try:
        tree_of(dialog, installation, Trees(installation.folder / "behaviors"))
        avatar_of(dialog, installation)
        embedder_class(dialog.language, installation)
        for place, voice in enumerate(dialog.voices):
            key = f"tts[{place}]" if isinstance(dialog.tts, tuple) and voice.document is None else None
            engine_class("tts", voice, voice.document or document, key)
        if dialog.asr is not None:
            engine_class("asr", dialog.asr, document)
        if dialog.llm is not None:
            engine_class("llm", EngineChoice(engine="openai", **dialog.llm.model_dump()), document)
    except VisavisError as error:
        return _refused(name, error)
    hears = dialog.asr.engine if dialog.asr else "touch and text alone, no asr is configured"
    parts = f"voice {' or '.join(voice.engine for voice in dialog.voices)}, hearing {hears}, matching {matching}"
    key = dialog.llm.key_env if dialog.llm else None
    if key is not None and not os.environ.get(key):
        return Check(name, None, f"{parts}; {key} holds no key, so the language model is off", f"export {key}=…")
    return Check(name, True, parts)


def _port(host: str, port: int) -> Check:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            return Check(f"port {port}", None, error.strerror or str(error), f"visavis serve --port {port + 1}")
    return Check(f"port {port}", True, f"free on {host}")


def _tls(server: Server) -> Check:
    line = "visavis serve --tls-cert F --tls-key F"
    if server.tls.cert is None:
        detail = "off; a browser on another machine gives its microphone to https pages alone"
        return Check("tls", None, detail, line)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(server.tls.cert, server.tls.key)
    except (OSError, ssl.SSLError) as error:
        return Check("tls", False, f"{server.tls.cert}: {error.strerror or error}", line)
    return Check("tls", True, f"{server.tls.cert} fits its key")


def _encoder(_config_dir: Path) -> list[Check]:
    checks = []
    for label, codec, needed in (("H.264 encoder", "libx264", True), ("VP8 encoder", "libvpx", False)):
        ok, detail = probe(ENCODER_PROBE, codec)
        shown = f"{codec}, libavcodec {detail}" if ok else detail
        checks.append(Check(label, ok or (False if needed else None), shown, "" if ok else SETUP))
    return checks


def _native(_config_dir: Path) -> list[Check]:
    checks = []
    for label, script, remedy in (
        ("renderer (Skia)", SKIA_PROBE, APT + "libegl1 libgl1"),
        ("voice (espeak-ng)", ESPEAK_PROBE, SETUP),
        ("hearing (PocketSphinx)", SPHINX_PROBE, SETUP),
    ):
        ok, detail = probe(script)
        if not ok and "No module" in detail:
            remedy = SETUP
        checks.append(Check(label, ok, detail, "" if ok else remedy))
    return checks


def _weights(_config_dir: Path) -> list[Check]:
    def look(weight: Weight) -> Check:
        try:
            return Check(weight.name, True, f"{locate(weight).name}, sha256 as known")
        except SetupError as error:
            return Check(weight.name, None, error.problem, SETUP)

    return [look(weight) for weight in (SILERO, MINILM, MINILM_TOKENIZER, GE2E, SMART_TURN)]


def _gpu(_config_dir: Path) -> list[Check]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return [Check("gpu", None, "none found; nothing of a plain installation needs one")]
    query = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, text=True, timeout=PROBE_S, check=False)  # noqa: S603
    if done.returncode != 0:
        return [Check("gpu", None, "nvidia-smi fails: " + (done.stdout + done.stderr).strip()[:120], "nvidia-smi")]
    name = done.stdout.strip().replace("\n", "; ")
    torch = find_spec("torch") is not None
    return [Check("gpu", True, name + ("" if torch else "; torch is not installed"), "" if torch else extra("torch"))]


def extra(name: str) -> str:
    """The line that installs an optional engine at its pinned version."""
    return f".venv/bin/pip install -c constraints.txt -e '.[{name}]'"


def _extras(_config_dir: Path) -> list[Check]:
    modules = {
        "torch": "torch",
        "sentence-transformers": "sentence_transformers",
        "faster-whisper": "faster_whisper",
        "faiss-cpu": "faiss",
        "sherpa-onnx": "sherpa_onnx",
        "piper": "piper",
        "pocket-tts": "pocket_tts",
        "faces": "ai_edge_litert",
    }
    return [
        Check(f"extra {name}", True, "installed")
        if find_spec(module)
        else Check(f"extra {name}", None, "not installed; optional", extra(name))
        for name, module in modules.items()
    ]


def _page(_config_dir: Path) -> list[Check]:
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    marks = ("cjk", "wqy", "notosanssc", "notoserifsc")
    font = next(
        (f for d in folders for f in sorted(d.rglob("*.[to]t[fc]")) if any(m in f.name.lower() for m in marks)), None
    )
    return [
        Check("browser", True, browser)
        if browser
        else Check("browser", None, "no Chromium here; the page opens in any recent browser", APT + "chromium"),
        Check("Chinese font", True, font.name)
        if font
        else Check("Chinese font", None, "none found; Chinese in pictures shows as boxes", APT + "fonts-noto-cjk"),
    ]


LOOKS: tuple[Callable[[Path], list[Check]], ...] = (
    _machine,
    _configuration,
    _native,
    _encoder,
    _weights,
    _gpu,
    _extras,
    _page,
)
