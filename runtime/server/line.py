"""The WebSocket protocol as uvicorn speaks it, with a bound on what costs time and is no message."""

from __future__ import annotations

from asyncio.transports import BaseTransport

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from runtime.server.throttle import Throttle
from visavis.clock import LoopClock

FRAMES_A_S = 500
"""Pings, pongs and fragments that a client may send; with more it is cut off."""
BURST = 4_000
READ_BYTES = 32 * 1024
"""What is taken of one client before the next one's turn."""


class LineProtocol(WebSocketsSansIOProtocol):
    """Cuts off who floods it with frames, and who sends a handshake that cannot be read."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._frames = Throttle(LoopClock(), FRAMES_A_S, BURST)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated and self.conn.handshake_exc is not None:
            self.transport.close()

    def handle_ping(self) -> None:
        if self._affordable():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._affordable():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        if self._affordable():
            super().handle_cont(event)

    def _affordable(self) -> bool:
        self._frames.charge(1)
        if self._frames.overdrawn:
            self.transport.abort()
        return not self._frames.overdrawn
