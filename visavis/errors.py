"""The errors that Visavis raises on purpose.

    VisavisError
    ├── ConfigError       a file that a person edits is wrong: path, line, key, problem, remedy
    ├── EngineError       an engine failed: engine, whether trying again may help
    │   └── AtCapacity    it takes no more work now
    ├── ClientError       a client sent something unusable: protocol code, parameter
    └── SetupError        something this machine lacks, and the line that brings it
        └── OptionError   an engine does not take this value of one of its keys

Each message says what was wrong, where, and what to do.
"""

from __future__ import annotations

from pathlib import Path


class VisavisError(Exception):
    """Base of all of them; `str()` is one clear line for a person."""


class ConfigError(VisavisError):
    """A configuration file cannot be used as it stands.

    `str()` is `path:line: key: problem; remedy`; `line` counts from 1, `key` is dotted (`faq.items[3].say`).
    """

    def __init__(self, path: Path | str, line: int, key: str, problem: str, remedy: str) -> None:
        self.path, self.line, self.key, self.problem, self.remedy = Path(path), line, key, problem, remedy
        where = f"{path}:{line}: {key}: " if key else f"{path}:{line}: "
        super().__init__(f"{where}{problem}; {remedy}")


class EngineError(VisavisError):
    """An engine failed. `retryable`: the same call may succeed later."""

    def __init__(self, engine: str, problem: str, remedy: str = "", *, retryable: bool = False) -> None:
        self.engine, self.problem, self.retryable = engine, problem, retryable
        super().__init__(f"{engine}: {problem}" + (f"; {remedy}" if remedy else ""))


class AtCapacity(EngineError):
    """Every place is taken; nothing was started."""

    def __init__(self, engine: str, places: int) -> None:
        super().__init__(engine, f"all {places} places are taken", "try again when a session ends", retryable=True)


class ClientError(VisavisError):
    """A client sent something that cannot be used; the connection goes on.

    `code` and `param` are those of the OpenAI Realtime `error` event.
    """

    def __init__(self, code: str, message: str, *, param: str | None = None, event_id: str | None = None) -> None:
        self.code, self.param, self.event_id = code, param, event_id
        super().__init__(message)


class SetupError(VisavisError):
    """This machine lacks something; `remedy` is the line that brings it."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}; {remedy}")


class OptionError(SetupError):
    """An engine cannot be made with this value of its option `key`; whoever knows the file tells the line."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        self.key = key
        super().__init__(problem, remedy)
