"""Limits for a process that reads other people's files."""

from __future__ import annotations

import contextlib
import os


def confine(memory: int, cpu_s: int, *, file: int = 0) -> None:
    """Take `memory` bytes of address space, `cpu_s` seconds of a core and files of `file` bytes at most from now on.

    This process goes to the end of the queue for a core, and a system without such limits leaves them out.
    """
    with contextlib.suppress(OSError):
        os.nice(10)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CPU, cpu_s),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, file),
        ):
            resource.setrlimit(what, (most, most))
