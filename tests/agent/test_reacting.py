"""What a mind says and does when something happens, on a virtual clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from agent.memory import Memory
from agent.mind import Mind
from agent.review import Review
from agent.reviewing import Reviews
from knowledge.knowledge import Knowledge
from knowledge.ngrams import NGrams
from visavis.clock import LoopClock, run_virtual
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher
from visavis.fakes.llm import FakeLlm
from visavis.words import Card, Match, Reply

FRIDAY = datetime(2026, 11, 20, 14, 30)
FILE = """
knowledge: room
language: en
rules:
  items:
    - {id: thanks, on: [gift, paid_comment], say: ["Thank you, {user.name}, for {gift.name}!", Thank you!],
       cooldown: 10s, action: heart}
    - {id: jackpot, on: gift, when: gift.count * gift.price >= 100, priority: 5, say: "A thousand thanks!",
       quota: {count: 2, per: 1m}, show: {title: "For {user.name}", video: party.mp4}}
    - {id: crowd, on: viewer_count, when: amount >= 50, priority: 1, llm: "Greet {amount} people.", action: wave}
    - {id: crowd-plain, on: viewer_count, when: amount >= 50, say: So many of you!}
    - {id: nod, on: like, action: nod}
    - {id: note, on: comment, when: platform == "wall", priority: 1, say: New!, show: {text: "{text}"}}
    - {id: board, on: comment, show: {title: "{user.name}", text: "“{text}”", image: board.png}}
    - {id: lonely, on: idle, after: 90s, say: Anybody there?}
    - {id: half-hour, on: time, every: 30m, say: "It is {time}."}
    - {id: weekend, on: enter, when: "weekday() in ['saturday', 'sunday']", say: A fine weekend!}
    - {id: fans, on: enter, when: "'fan' in user.roles", say: "Our fan {user.name} is here!"}
    - {id: was, on: enter, until: 2025-12-31, say: Long ago.}
"""


def reacting(
    tmp_path: Path,
    act: Callable[[Mind], Awaitable[None]],
    llm: FakeLlm | None = None,
    review: Reviews | None = None,
) -> None:
    async def main() -> None:
        path = tmp_path / "room.yaml"
        path.write_text(FILE, encoding="utf-8")
        context = Context("en", InlineLauncher(), tmp_path / "cache")
        knowledge = await Knowledge.open_file(path, context, NGrams())
        await act(Mind(knowledge, llm, clock=LoopClock(), wall=lambda: FRIDAY, review=review))

    run_virtual(main())


async def said(reply: Reply | None) -> str | None:
    return None if reply is None else " ".join([sentence.text async for sentence in reply.sentences])


def gift(count: int = 1, price: float = 1.0, name: str = "Ada") -> dict[str, object]:
    return {"kind": "gift", "user": {"name": name}, "gift": {"name": "a rose", "count": count, "price": price}}


def test_a_rule_sees_the_event_in_its_condition_and_in_what_it_says(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        reply = await mind.react(gift(), Memory())
        assert reply is not None
        assert (reply.source, reply.decision, reply.match) == ("rule", "direct", Match("thanks", 1.0))
        assert await said(reply) in ("Thank you, Ada, for a rose!", "Thank you!")
        rich = await mind.react(gift(10, 10), Memory())
        assert await said(rich) == "A thousand thanks!"
        assert rich is not None
        assert rich.show is not None
        assert (rich.show.title, rich.show.video) == ("For Ada", "party.mp4")

    reacting(tmp_path, act)


def test_a_wording_that_lacks_a_field_is_left_out(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        assert await said(await mind.react({"kind": "paid_comment", "user": {}}, Memory())) == "Thank you!"

    reacting(tmp_path, act)


def test_a_cooldown_and_a_quota_hold_back_and_let_the_next_rule_speak(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        clock, heard = LoopClock(), []
        for at in (0.0, 1.0, 2.0, 3.0, 12.0, 60.0, 60.5):
            await clock.sleep_until(at)
            reply = await mind.react(gift(100), Memory())
            heard.append((at, None if reply is None or reply.match is None else reply.match.id))
        assert heard == [
            (0.0, "jackpot"), (1.0, "jackpot"), (2.0, "thanks"), (3.0, None), (12.0, "thanks"),
            (60.0, "jackpot"), (60.5, "thanks"),
        ]  # fmt: skip

    reacting(tmp_path, act)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"kind": "enter", "user": {"name": "Bo", "roles": ["fan"]}}, "Our fan Bo is here!"),
        ({"kind": "enter", "user": {"name": "Bo"}}, None),
        ({"kind": "idle", "quiet_s": 89}, None),
        ({"kind": "idle", "quiet_s": 90}, "Anybody there?"),
        ({"kind": "idle"}, None),
        ({"kind": "time"}, "It is 2:30 pm."),
        ({"kind": "viewer_count", "amount": 50}, "So many of you!"),
        ({"kind": "viewer_count", "amount": 49}, None),
        ({"kind": "viewer_count", "amount": "many"}, None),
        ({"kind": "share"}, None),
        ({"kind": ["gift"]}, None),
        ({}, None),
    ],
)
def test_events_and_what_they_call_forth(tmp_path: Path, event: dict[str, object], expected: str | None) -> None:
    async def act(mind: Mind) -> None:
        assert await said(await mind.react(event, Memory())) == expected

    reacting(tmp_path, act)


def test_a_rule_may_act_without_a_word(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        reply = await mind.react({"kind": "like"}, Memory())
        assert reply is not None
        assert (reply.action, await said(reply)) == ("nod", "")

    reacting(tmp_path, act)


def test_where_there_is_a_language_model_it_is_asked_with_the_fields_filled_in(tmp_path: Path) -> None:
    llm = FakeLlm(["Good to see you all!"])

    async def act(mind: Mind) -> None:
        reply = await mind.react({"kind": "viewer_count", "amount": 80}, Memory())
        assert reply is not None
        assert (reply.source, reply.action, await said(reply)) == ("rule", "wave", "Good to see you all!")
        assert "Greet 80 people." in llm.calls[-1][-1].text

    reacting(tmp_path, act, llm)


def test_a_rule_whose_model_says_nothing_leaves_it_to_the_next(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        reply = await mind.react({"kind": "viewer_count", "amount": 80}, Memory())
        assert await said(reply) == "So many of you!"

    reacting(tmp_path, act, FakeLlm([]))


def test_cooldowns_and_quotas_outlast_an_edit(tmp_path: Path) -> None:
    async def act(mind: Mind) -> None:
        assert await said(await mind.react(gift(100), Memory())) == "A thousand thanks!"
        assert await said(await mind.react(gift(), Memory())) is not None
        edited = tmp_path / "edited.yaml"
        edited.write_text(FILE.replace("A thousand thanks!", "So generous!"), encoding="utf-8")
        context = Context("en", InlineLauncher(), tmp_path / "cache")
        mind.learn(await Knowledge.open_file(edited, context, NGrams()))
        assert await said(await mind.react(gift(100), Memory())) == "So generous!"
        assert await said(await mind.react(gift(100), Memory())) is None

    reacting(tmp_path, act)


def test_words_of_visitors_are_shown_on_a_card_only_after_review(tmp_path: Path):
    async def act(mind: Mind) -> None:
        async def shown(text: str, name: str = "Ada", platform: str = "shop") -> Card | None:
            event = {"kind": "comment", "text": text, "user": {"name": name}, "platform": platform}
            reply = await mind.react(event, Memory())
            return reply.show if reply else None

        assert await shown("Lovely!") == Card("Ada", "“Lovely!”", "board.png")
        assert await shown("what the fuck") == Card("Ada", "", "board.png")
        assert await shown("Lovely!", "fuck you") == Card("this viewer", "“Lovely!”", "board.png")
        assert await shown("Lovely!", platform="wall") == Card(text="Lovely!")
        assert await shown("what the fuck", platform="wall") is None
        assert await shown("see http://evil.example now") == Card("Ada", "", "board.png")

    reacting(tmp_path, act, review=Review())
