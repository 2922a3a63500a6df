"""What several parts of the configuration are made of: names, and an engine with its keys."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""Names that appear in addresses: lower-case letters, digits, `-` and `_`."""


class EngineChoice(BaseModel):
    """`engine` names it; the other keys are the engine's own and are checked by it."""

    model_config = ConfigDict(frozen=True, extra="allow")
    engine: str

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})
