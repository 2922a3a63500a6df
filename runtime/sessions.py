"""The sessions that live, by the id that each was told."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from runtime.control import Control
from visavis.errors import ClientError

ENDED = 1_000
"""Sessions that are over and still known to have been."""


class Sessions:
    """Filled by those who serve sessions."""

    def __init__(self) -> None:
        self._living: dict[str, Control] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()

    def begin(self, control: Control) -> None:
        """A session lives from now on."""
        self._living[control.id] = control

    def end(self, name: str) -> None:
        """It lives no more."""
        if self._living.pop(name, None) is not None:
            self._ended[name] = None
            while len(self._ended) > ENDED:
                self._ended.popitem(last=False)

    def __iter__(self) -> Iterator[Control]:
        """Those that live, the oldest first."""
        return iter(list(self._living.values()))

    def __len__(self) -> int:
        return len(self._living)

    def find(self, name: str) -> Control:
        """The living session of that id. Raises ClientError, `gone` where it has ended."""
        if name in self._living:
            return self._living[name]
        if name in self._ended:
            raise ClientError("gone", f"the session {name[:64]!r} has ended; list /api/sessions for those that live")
        raise ClientError("not_found", f"there is no session {name[:64]!r}; list /api/sessions for those that live")
