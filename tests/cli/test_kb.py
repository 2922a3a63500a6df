"""The verbs of an operator who edits knowledge, on small real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desk import Done, visavis, write_desk

from visavis.errors import SetupError

Here = Callable[..., Done]
RULES = """\
  - {id: shop, any: [shop], say: Next to the exit.}
faq:
  items:
    - id: hours
      ask: [When do you open?, What are your opening hours?]
      say: ["We open at nine, {name}.", "We open at nine."]
      action: nod
      show: {title: Hours}
    - {id: price, ask: [How much is a ticket?, What does a ticket cost?], say: Ten euros.}
rules:
  items:
    - {id: thanks, on: gift, when: gift.count >= 5, say: "Thank you, {user.name}!", action: wave, priority: 5}
    - {id: any-gift, on: gift, say: Thanks!}
    - {id: off, on: gift, say: Never., enabled: false}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stall.yaml"
    path.write_text("knowledge: stall\nlanguage: en\nkeywords:\n  items:\n  " + RULES, "utf-8")
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(
        "text,expected_id,kind\n"
        "when do you open,hours,exact\n"
        "is there a shop,shop,keyword\n"
        "the shop opens when,hours,hard\n"
        "xyzzy plugh,,offtopic\n",
        "utf-8",
    )
    return path


# ── try ──
def test_trying_a_question_tells_what_is_said_and_why(here: Here, desk: Path, file: Path) -> None:
    arguments = ["kb", "try", file, "When do you open?", "--config", desk, "--context", '{"name": "Ada"}']
    found = here(*arguments, "--json").json
    assert (found["decision"], found["source"], found["match"]) == ("direct", "faq", {"id": "hours", "score": 1.0})
    assert found["exact"] == ["hours"]
    assert found["say"] in ("We open at nine, Ada.", "We open at nine.")
    assert found["actions"] == ["nod"]
    assert found["show"]["title"] == "Hours"
    assert [each["id"] for each in found["candidates"]] == ["hours", "price"]
    assert set(found["candidates"][0]) == {"id", "question", "score", "dense", "lexical"}
    assert set(found["limits"]) == {"direct", "suggest", "margin"}
    told = here(*arguments).out
    assert told.startswith(f"direct: {found['because']}\n")
    assert "price  How much is a ticket?" in told
    assert "does: nod" in told


def test_a_field_that_nobody_gave_leaves_the_wording_out(here: Here, desk: Path, file: Path) -> None:
    said = {here("kb", "try", file, "When do you open?", "--config", desk, "--json").json["say"] for _ in range(3)}
    assert said == {"We open at nine."}


def test_an_entry_that_lacks_all_its_fields_is_told_as_what_is_said_in_its_place(
    here: Here, desk: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bill.yaml"
    path.write_text(
        "knowledge: bill\nlanguage: en\nfaq:\n  items:\n"
        '    - {id: bill, ask: [What do I owe?], say: "You owe {account.balance}."}\n',
        "utf-8",
    )
    found = here("kb", "try", path, "What do I owe?", "--config", desk, "--json").json
    assert (found["decision"], found["source"], found["match"]) == ("fallback", "fallback", None)
    assert found["because"].endswith("each of its wordings has a field that is not given ({account.balance}).")
    known = here(
        "kb", "try", path, "What do I owe?", "--config", desk, "--json", "--context", '{"account": {"balance": 9}}'
    ).json
    assert (known["decision"], known["match"]["id"], known["say"]) == ("direct", "bill", "You owe 9.")


def test_a_keyword_and_a_miss_are_explained(here: Here, desk: Path, file: Path) -> None:
    fired = here("kb", "try", file, "where is that shop of yours", "--config", desk, "--json").json
    assert (fired["source"], fired["keywords"], fired["say"]) == ("keyword", ["shop"], "Next to the exit.")
    missed = here("kb", "try", file, "xyzzy plugh", "--config", desk, "--json").json
    assert (missed["decision"], missed["match"], missed["wordings"]) == ("fallback", None, [])
    assert missed["say"]


def test_a_dialog_or_a_knowledge_base_is_tried_by_its_name(desk: Path) -> None:
    done = visavis("kb", "try", "museum", "-", "--config", desk, "--json", stdin=b"Is there a shop?\n")
    assert (done.status, done.told) == (0, "")
    assert done.json["match"]["id"] == "shop"


def test_an_event_tells_of_each_rule_whether_it_fires(here: Here, desk: Path, file: Path) -> None:
    event = {"kind": "gift", "gift": {"count": 9}, "user": {"name": "Ada"}}
    found = here("kb", "try", file, "--config", desk, "--event", json.dumps(event), "--json").json
    assert (found["rule"], found["say"], found["actions"]) == ("thanks", "Thank you, Ada!", ["wave"])
    assert {each["id"]: each["because"] for each in found["rules"]} == {
        "thanks": "fires",
        "any-gift": "comes after 'thanks'",
        "off": "switched off, or not in its time",
    }
    few = here("kb", "try", file, "--config", desk, "--event", json.dumps(event | {"gift": {"count": 1}})).out
    assert few.startswith("the rule 'any-gift' fires\n")
    assert "`when` does not hold: gift.count >= 5" in few
    none = here("kb", "try", file, "--config", desk, "--event", '{"kind": "like"}', "--json").json
    assert (none["rule"], none["say"], none["rules"]) == (None, "", [])


# ── eval ──
def test_evaluating_prints_the_agreed_json(here: Here, desk: Path, file: Path, cases: Path) -> None:
    done = here("kb", "eval", cases, "--knowledge", file, "--config", desk, "--json")
    assert (done.status, done.told) == (0, "")
    assert list(done.json) == ["n", "right", "wrong", "offered", "rejected", "rows"]
    assert [done.json[key] for key in ("n", "right", "wrong", "offered", "rejected")] == [4, 2, 1, 0, 1]
    assert [row["got_id"] for row in done.json["rows"]] == ["hours", "shop", "shop", None]
    assert all(
        list(row) == ["text", "expected_id", "got_id", "decision", "score", "choices"] for row in done.json["rows"]
    )


def test_evaluating_tells_people_the_figures_the_confusions_and_draws(
    here: Here, desk: Path, file: Path, cases: Path, tmp_path: Path
) -> None:
    plot = tmp_path / "plot.svg"
    done = here("kb", "eval", cases, "--knowledge", file, "--config", desk, "--plot", plot)
    assert done.status == 0
    assert " 66.7 %  precision" in done.out
    assert "100.0 %  coverage" in done.out
    assert "hours -> shop\n       the shop opens when" in done.out
    assert done.out.endswith(f"→ {plot}\n")
    assert "cases.csv, 4 questions" in plot.read_text("utf-8")


def test_a_case_for_an_entry_that_does_not_exist_is_told_with_its_line(here: Here, desk: Path, cases: Path) -> None:
    done = here("kb", "eval", cases, "--dialog", "museum", "--config", desk)
    assert (done.status, done.out) == (1, "")
    assert done.told.startswith(f"{cases}:2: expected_id: no entry in use is 'hours'")


def test_a_plot_is_refused_before_anything_is_asked(here: Here, desk: Path, cases: Path) -> None:
    done = here("kb", "eval", cases, "--dialog", "museum", "--config", desk, "--plot", desk / "none" / "x.svg")
    assert (done.status, done.out) == (1, "")
    assert "there is no folder" in done.told


# ── check ──
def test_checking_compares_questions_by_their_meaning(here: Here, desk: Path, file: Path) -> None:
    text = file.read_text("utf-8").replace("How much is a ticket?", "What are your opening hours then?")
    file.write_text(text, "utf-8")
    done = here("kb", "check", file, "--config", desk, "--json")
    assert (done.status, done.told, done.json["errors"]) == (0, "", 0)
    assert len(done.json["problems"]) == 1
    assert "is nearly the same as 'What are your opening hours?' in 'hours' (stall.yaml:9)" in done.json["problems"][0]


# ── gaps ──
@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A configuration whose journal holds questions."""
    folder = write_desk(tmp_path / "configs")
    place = tmp_path / "configs" / "journal" / "museum"
    place.mkdir(parents=True)
    today = datetime.now()
    for days, texts in ((0, ["Can I bring a dog?", "are dogs allowed"]), (60, ["who is it", "where are you"])):
        at = today - timedelta(days=days)
        lines = [("fallback", "fallback", text) for text in texts]
        lines += [("direct", "faq", "Is there a shop?"), ("fallback", "review", "")]
        rows = [
            {"at": at.isoformat(timespec="seconds"), "dialog": "museum", "text": text, "decision": decision,
             "source": source, "id": None, "score": None}
            for decision, source, text in lines
        ]  # fmt: skip
        file = place / f"{at.date().isoformat()}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n", "utf-8")
    return folder


def keep_text(folder: Path, keep: str) -> None:
    path = folder / "dialogs" / "museum.yaml"
    path.write_text(path.read_text("utf-8") + f"privacy: {{keep_text: {keep}}}\n", "utf-8")


def test_gaps_are_what_was_asked_lately_and_not_answered(here: Here, asked: Path) -> None:
    keep_text(asked, "redacted")
    found = here("kb", "gaps", "--config", asked, "--json").json
    assert (found["dialog"], found["keep_text"], found["note"]) == ("museum", "redacted", "")
    assert (found["asked"], found["unanswered"]) == (4, 2)
    assert sorted(text for gap in found["gaps"] for text in gap["texts"]) == ["Can I bring a dog?", "are dogs allowed"]
    assert all(set(gap) == {"count", "texts", "nearest", "advice", "yaml"} for gap in found["gaps"])
    more = here("kb", "gaps", "--config", asked, "--dialog", "museum", "--days", "100", "--json").json
    assert (more["asked"], more["unanswered"]) == (8, 4)
    told = here("kb", "gaps", "--config", asked).out
    assert "museum: of 4 questions in 30 days 2 were not answered" in told
    assert "      say: TODO" in told


def test_where_no_text_is_kept_gaps_says_so_and_what_to_set(here: Here, desk: Path) -> None:
    done = here("kb", "gaps", "--config", desk)
    assert done.status == 0
    assert "museum.yaml: privacy.keep_text is off" in done.out
    assert "`privacy: {keep_text: redacted}`" in done.out
    assert here("kb", "gaps", "--config", desk, "--json").json["gaps"] == []


def test_a_dialog_that_nobody_asked_has_no_gaps(here: Here, tmp_path: Path) -> None:
    folder = write_desk(tmp_path / "configs")
    keep_text(folder, "full")
    assert "nothing has been asked yet" in here("kb", "gaps", "--config", folder).out


def test_words_that_the_review_stops_are_told(here: Here, desk: Path, file: Path) -> None:
    text = file.read_text("utf-8").replace("Ten euros.", "Ten fucking euros.").replace("any: [shop]", "any: [bullshit]")
    file.write_text(text, "utf-8")
    done = here("kb", "check", file, "--config", desk)
    assert done.status == 0
    keyword, answer = done.out.splitlines()
    assert keyword.startswith(f"{file}:5: keywords.items[0].any[0]: this is on a word list (vulgar:en:")
    assert "so a visitor who says it is refused; change the words" in keyword
    assert answer.startswith(f"{file}:13: faq.items[1].say[0]: this is on a word list (vulgar:en:")


def test_without_an_embedder_the_rest_is_checked_and_it_is_said(
    here: Here, desk: Path, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(context: object) -> object:
        raise SetupError("it is not installed", "make setup")

    monkeypatch.setattr("knowledge.ngrams.NGrams.open", broken)
    assert here("kb", "check", file, "--config", desk).status == 0
    assert "questions are not compared by their meaning: it is not installed; make setup" in caplog.text
