"""The server: sessions over WebSocket, pages, health."""
