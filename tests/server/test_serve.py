"""The `serve` command: who is let in, what it prints, how it ends."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest
import websockets
from place import PICTURE, Server
from visitor import visit

TOKEN = "s3cret-token"


def get(url: str, path: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of a path, sent as it is written."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def fails(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    command = [sys.executable, "-m", "runtime.cli", "serve", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=False)
    assert not done.stdout
    return done.returncode, done.stderr


# ── pages ──
def test_it_says_that_it_is_ready_and_what_is_off(server: Server) -> None:
    assert set(server.ready) == {"url", "kiosk"}
    status, body = get(server.url, "/readyz")
    facts = json.loads(body)
    assert (status, facts["status"], facts["dialogs"]) == (200, "ready", ["museum", "silent"])
    assert any(warning.startswith("silent: ") for warning in facts["warnings"])
    assert get(server.url, "/healthz")[0] == 200
    status, page = get(server.url, "/kiosk/museum")
    assert status == 200
    assert b"<!doctype html>" in page.lower()


def test_a_card_s_picture_is_served_by_its_name_alone(server: Server) -> None:
    status, body = get(server.url, "/media/museum/hours.svg")
    assert (status, body) == (200, PICTURE.encode())
    assert get(server.url, "/media/nobody/hours.svg")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/museum/museum.yaml",
        "/media/museum/../museum.yaml",
        "/media/museum/%2e%2e/%2e%2e/app.yaml",
        "/media/museum/..%2f..%2fapp.yaml",
        "/media/museum//etc/passwd",
        "/media/../../../../etc/passwd",
        "/static/../server/app.py",
        "/static/%2e%2e/server/app.py",
        "/static/..%2fserver%2fapp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..%5cserver%5capp.py",
        "/static/%00",
        "/static/" + "a" * 3_000,
        "/kiosk/..%2f..%2fapp",
        "/kiosk/%3Cscript%3E",
        "/kiosk/" + "a" * 3_000,
    ],
)
def test_no_path_comes_from_a_client(server: Server, path: str) -> None:
    status, body = get(server.url, path)
    assert status in (400, 404, 414)
    for secret in (b"knowledge:", b"make_app", b"root:", b"workers:", b"<script>"):
        assert secret not in body


# ── who is let in ──
@pytest.fixture(scope="module")
def guarded(museum: Path) -> Iterator[Server]:
    with Server(museum, "--dialog", "silent", env={"VISAVIS_TOKEN": TOKEN}) as running:
        yield running


async def test_the_right_token_opens(guarded: Server) -> None:
    async with visit(guarded, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as visitor:
        await visitor.until("session.created")
    offered: Any = ["realtime", f"openai-insecure-api-key.{TOKEN}"]
    async with visit(guarded, subprotocols=offered) as visitor:
        await visitor.until("session.created")
        assert visitor.connection.subprotocol == "realtime"
    client = openai.AsyncOpenAI(api_key=TOKEN, base_url=f"{guarded.url}/v1")
    async with client, client.realtime.connect(model="silent") as connection:
        assert (await connection.recv()).type == "session.created"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}]
)
async def test_a_wrong_token_does_not(guarded: Server, headers: dict[str, str]) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with visit(guarded, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403
    assert b"token" in (refused.value.response.body or b"")
    assert TOKEN not in guarded.log()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://["])
async def test_a_page_of_another_site_does_not(server: Server, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with visit(server, origin=origin):
            pass
    assert get(server.url, "/healthz", Origin=origin)[0] == 403


async def test_a_name_that_was_bent_to_this_machine_does_not(server: Server) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    url = f"ws://evil.example:{port}/v1/realtime"
    with pytest.raises(websockets.InvalidStatus):
        async with websockets.connect(url, host="127.0.0.1", port=port, proxy=None):
            pass
    assert get(server.url, "/kiosk/museum", Host=f"evil.example:{port}")[0] == 403


# ── how it begins ──
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "VISAVIS_TOKEN"),
        (["--dialog", "musem"], "museum"),
        (["--tls-cert", "none.pem", "--tls-key", "none.pem"], "none.pem"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(museum: Path, arguments: list[str], said: str) -> None:
    status, told = fails("--config", str(museum), "--port", "0", *arguments, cwd=museum)
    assert status == 1
    assert len(told.splitlines()) == 1
    assert said in told


def test_a_port_that_is_taken_is_told_in_one_line(server: Server, museum: Path) -> None:
    port = server.url.rsplit(":", 1)[1]
    status, told = fails("--config", str(museum), "--port", port, cwd=museum)
    assert status == 1
    assert len(told.splitlines()) == 1
    assert port in told
    assert "--port" in told


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--port", "x"], ["--tls-cert", "a.pem"], ["--nonsense"]])
def test_a_bad_call_has_status_2(museum: Path, arguments: list[str]) -> None:
    status, told = fails("--config", str(museum), *arguments, cwd=museum)
    assert status == 2
    assert "Traceback" not in told


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of this machine's own, and its key."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(make, check=True, capture_output=True)
    return cert, key


async def test_tls_serves_https_and_wss(museum: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    trust = ssl.create_default_context(cafile=str(cert))
    with Server(museum, "--dialog", "silent", "--tls-cert", str(cert), "--tls-key", str(key)) as server:
        assert server.url.startswith("https://")
        async with visit(server, ssl=trust) as visitor:
            await visitor.show(video="h264")
            assert (await visitor.answer("When do you open?"))["status"] == "completed"
        assert await asyncio.to_thread(fetch, f"{server.url}/healthz", trust) == 200
        with pytest.raises(websockets.InvalidMessage):
            async with websockets.connect(server.socket.replace("wss", "ws"), proxy=None):
                pass


def fetch(url: str, trust: ssl.SSLContext) -> int:
    with urllib.request.urlopen(url, context=trust, timeout=20) as answer:
        return int(answer.status)


# ── how it ends ──
@pytest.mark.parametrize(
    ("sign", "group"), [(signal.SIGTERM, False), (signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGTERM, True)]
)
async def test_a_signal_ends_it_and_all_it_started(museum: Path, sign: int, group: bool) -> None:
    with Server(museum, "--dialog", "silent") as server:
        async with visit(server) as visitor:
            await visitor.show(video="h264")
            await visitor.ask("Tell me everything about the museum.")
            await visitor.until("response.output_audio.delta")
            family = server.family()
            assert len(family) > 2
            server.stop(sign, group=group)
            code, _ = await visitor.until_closed()
            assert code in (1001, 1006, 1012)
        psutil.wait_procs(family, timeout=10)
        assert [process for process in family if process.is_running()] == []
        assert "Traceback" not in server.log()
        assert "ERROR" not in server.log()
