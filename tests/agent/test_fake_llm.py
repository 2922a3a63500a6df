"""The scripted model is held to the contract, and is exact in time."""

from __future__ import annotations

import pytest

from visavis.clock import LoopClock, run_virtual
from visavis.contracts.llm import check_llm
from visavis.errors import EngineError
from visavis.fakes.llm import BREAK, FakeLlm, Wait


def test_it_keeps_the_contract() -> None:
    llm = FakeLlm(["Hello", " there."])
    run_virtual(check_llm(llm))
    assert llm.streams == 0


def test_pauses_are_exact() -> None:
    async def main() -> list[tuple[float, str]]:
        clock = LoopClock()
        return [(clock.now(), piece) async for piece in FakeLlm([Wait(0.3), "a", Wait(1), "b"]).complete([])]

    assert run_virtual(main()) == [(0.3, "a"), (1.3, "b")]


def test_it_fails_where_the_script_says() -> None:
    async def main() -> None:
        async for _ in FakeLlm(["a", BREAK]).complete([]):
            pass

    with pytest.raises(EngineError, match="broke off"):
        run_virtual(main())
