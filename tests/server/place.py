"""A small museum, and the server process that serves it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil
import uvicorn

from runtime.house import House
from runtime.serve import listen, settings_of
from runtime.server.app import PLACES, make_app
from runtime.server.guard import Guard
from runtime.settings import Installation

APP = "workers: {renderers: 1}\ncache: {dir: CACHE}\nembedder: {default: ngrams}\n"
DIALOG = "dialog: NAME\nlanguage: en\nknowledge: [museum]\ntts: {engine: espeak, voice: en-us}\nasr: ASR\n"
KNOWLEDGE = """\
knowledge: museum
language: en
greetings:
  items:
    - {id: welcome, on: enter, say: "Welcome to the museum!", action: wave}
faq:
  items:
    - id: opening-hours
      ask: ["What are your opening hours?", "When do you open?"]
      say: "We are open from nine to five, every day but Monday."
      action: nod
      show: {title: Opening hours, image: hours.svg, link: "https://museum.example/hours"}
    - id: long
      ask: ["Tell me everything about the museum."]
      say: >-
        The museum was founded a long time ago by the keeper of the lighthouse. It has four floors and a garden.
        The first floor shows lamps, the second floor shows lenses, and the third floor shows the letters of the keeper.
        In the garden there is a small tower, from which one sees the harbour, the bridge and the old town.
fallback: {say: ["I am not sure about that."]}
"""
HOURS = "We are open from nine to five, every day but Monday."
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


def write_museum(folder: Path, *, app: str = "") -> Path:
    """Write the museum's files below `folder`; `app` is put before `app.yaml`."""
    (folder / "dialogs").mkdir()
    (folder / "knowledge").mkdir()
    (folder / "voices").mkdir()
    (folder / "voices" / "guide.yaml").write_text("voice: guide\ntts: {engine: espeak, voice: en-gb}\n")
    (folder / "app.yaml").write_text(app + APP.replace("CACHE", str(folder / "cache")))
    for name, asr in (("museum", "{engine: pocketsphinx}"), ("silent", "null")):
        (folder / "dialogs" / f"{name}.yaml").write_text(DIALOG.replace("NAME", name).replace("ASR", asr))
    (folder / "knowledge" / "museum.yaml").write_text(KNOWLEDGE)
    (folder / "knowledge" / "media").mkdir()
    (folder / "knowledge" / "hours.svg").write_text(PICTURE)
    return folder


class Server:
    """`visavis serve` in its own process; ready when entered, gone when left."""

    def __init__(self, configs: Path, *options: str, env: dict[str, str] | None = None) -> None:
        self._command = [sys.executable, "-m", "runtime.cli", "serve", "--config", str(configs), "--json", *options]
        if "--port" not in options:
            self._command += ["--port", "0"]
        self._env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | (env or {})
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.ready: dict[str, Any] = {}

    def start(self) -> Self:
        """Start and wait until it is ready."""
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=self._log, env=self._env, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the server did not start:\n{self.log()}"
        self.ready = json.loads(line)
        return self

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    @property
    def socket(self) -> str:
        """Where sessions are opened."""
        return self.url.replace("http", "ws", 1) + "/v1/realtime"

    def log(self) -> str:
        """What it wrote to its standard error."""
        self._log.seek(0)
        return self._log.read()

    def family(self) -> list[psutil.Process]:
        """The server's process and all below it."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self, signal_: int = signal.SIGTERM, *, group: bool = False) -> int:
        """End it by a signal, to the whole process group if `group`; returns its exit status."""
        (os.killpg if group else os.kill)(self.process.pid, signal_)
        return self.process.wait(20)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()


@dataclass
class Inside:
    """The server in this process, and the house that it opened."""

    socket: str
    house: House


@asynccontextmanager
async def inside(configs: Path, *, places: int = PLACES) -> AsyncIterator[Inside]:
    """Serve in the test's own loop, where its tasks can be counted."""
    installation = Installation(configs)
    ready = asyncio.Event()
    app = make_app(installation, Guard(installation.app.server, "127.0.0.1"), places=places, on_ready=ready.set)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(settings_of(app))
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="serving")
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield Inside(f"ws://127.0.0.1:{listening.getsockname()[1]}/v1/realtime", app.state.house)
    finally:
        server.should_exit = True
        await serving
