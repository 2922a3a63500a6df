"""What a brain has besides its answers where nobody is greeted and nothing is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from behaviors.ports import Occasion
from visavis.words import Reply, Utterance


class Answering:
    """The rest of a `runtime.needs.Brain` for who only has an `answer`."""

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        return None

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        return False

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None: ...
    def inform(self, context: Mapping[str, object]) -> None: ...
    def forget(self) -> None: ...
