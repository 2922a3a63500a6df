"""Engines behind an OpenAI-style address: their key, their client's logs, and what went wrong in our words."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from visavis.errors import EngineError, OptionError, SetupError

_RETRYABLE = frozenset([408, 409, 425, 429])
_KEY = "check the key in the variable that `key_env` names"
_ADVICE = {
    401: _KEY,
    403: _KEY,
    404: "check `url` (it ends in /v1) and `model`",
    429: "the server has too much to do; try again later",
}
NOTHING: Mapping[int, str] = {}


def key_in(name: str) -> str:
    """The key in an environment variable. Raises SetupError where it is not set."""
    key = os.environ.get(name)
    if not key:
        raise SetupError(f"the environment variable {name} holds no key", f"set it: export {name}=…")
    return key


def access(url: str, key_env: str | None) -> str:
    """The key for an address, `none` where it asks for none. Raises OptionError for what is no address, SetupError."""
    if not url.startswith(("http://", "https://")):
        raise OptionError("url", f"{url!r} is no address of a server", "write one such as http://host/v1")
    return key_in(key_env) if key_env is not None else "none"


def hush() -> None:
    """Keep the client's own logs from repeating what is asked."""
    for name in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def explained(engine: str, url: str, error: Exception, advice: Mapping[int, str] = NOTHING) -> EngineError | None:
    """A failure of the `openai` client in our words, as a server's own may repeat the key or the question.

    `advice` is by status; None for an error that is not the client's.
    """
    import openai

    match error:
        case openai.APITimeoutError():
            return EngineError(engine, f"{url} did not answer in time", retryable=True)
        case openai.APIStatusError(status_code=status):
            remedy = (_ADVICE | dict(advice)).get(status, "see the server's log")
            retryable = status in _RETRYABLE or status >= 500
            return EngineError(engine, f"{url} answered with status {status}", remedy, retryable=retryable)
        case openai.APIConnectionError():
            remedy = "check that the server runs and `url` is right"
            return EngineError(engine, f"{url} cannot be reached", remedy, retryable=True)
    return None
