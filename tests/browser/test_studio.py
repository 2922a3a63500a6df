"""The operator's page before the real server: find, change, try, take back."""

from __future__ import annotations

import pytest
from real_place import CAFE, CAFE_SAYS, HOURS, OPENING
from studio import NOTE, Studio


def test_an_edit_is_what_is_said_next_and_touches_its_line_alone(studio: Studio) -> None:
    studio.ask(OPENING)
    studio.says("#said", HOURS)
    studio.page.fill("#q", "nine to five")
    studio.until(lambda: studio.page.locator(".entry").count() == 1)
    before = studio.file().splitlines()
    studio.edit("opening-hours")
    studio.field("say").fill("We open at ten.")
    studio.save()
    studio.says("#toast", "Saved")
    studio.says("#said", "We open at ten.")
    studio.says(".badge.fresh", "Changed")
    after = studio.file().splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.strip() for line in changed] == ['say: "We open at ten."']
    assert any(NOTE in line for line in after)


def test_a_refused_edit_says_what_is_wrong_at_its_field_and_keeps_what_was_written(studio: Studio) -> None:
    before = studio.file()
    studio.edit("cafe")
    studio.field("say").fill("Hello {name")
    studio.save()
    studio.says("[data-field='say'] .wrong", "{")
    assert studio.field("say").get_attribute("aria-invalid") == "true"
    assert studio.page.evaluate("document.activeElement.matches('[data-field=say] textarea')")
    assert studio.field("say").input_value() == "Hello {name"
    studio.field("say").fill("In the yard.")
    studio.page.click("[data-part='card'] summary")
    studio.field("show.link").fill("yard.example")
    studio.save()
    studio.says("[data-field='show.link'] .wrong", "begin with https://")
    assert studio.file() == before


@pytest.mark.parametrize(("choice", "said"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_of_two_who_edit_at_once_the_later_one_chooses(studio: Studio, choice: str, said: str) -> None:
    studio.edit("cafe")
    studio.field("say").fill("Mine.")
    studio.rest("PATCH", "museum/faq/cafe", {"say": "Theirs.", "action": "nod"})
    studio.save()
    studio.says("#conflict-table", "Mine.")
    studio.says("#conflict-table", "Theirs.")
    studio.page.click(f"#conflict button[value={choice}]")
    studio.until(lambda: studio.field("action").input_value() == "nod")
    assert studio.field("say").input_value() == said
    assert studio.rest("GET", "museum/faq/cafe")["say"] == said


def test_what_was_changed_meanwhile_is_not_deleted_unseen(studio: Studio) -> None:
    studio.edit("cafe")
    studio.rest("PATCH", "museum/faq/cafe", {"say": "Theirs."})
    studio.page.click("#delete")
    studio.says(".problem", "not deleted")
    assert studio.field("say").input_value() == "Theirs."
    studio.page.click("#delete")
    studio.says("#toast", "is deleted")


def test_what_was_deleted_meanwhile_can_be_made_anew(studio: Studio) -> None:
    studio.edit("cafe")
    studio.field("say").fill("Still here.")
    studio.rest("DELETE", "museum/faq/cafe")
    studio.save()
    studio.says("#conflict-body", "deleted")
    studio.page.click("#conflict button[value=mine]")
    studio.says("#toast", "Saved")
    assert studio.rest("GET", "museum/faq/cafe")["say"] == "Still here."


def test_a_wording_is_added_from_a_candidate_and_taken_back(studio: Studio) -> None:
    studio.ask("any grub about?")
    before = studio.file()
    studio.page.locator(".candidates .candidate[data-id='cafe'] .add, .weighed > .plain").first.click()
    if "now a wording" not in studio.text("#toast"):
        studio.page.click(".candidate[data-id='cafe'] .add")
    studio.says("#said", CAFE_SAYS)
    studio.says("#why", "written just like this")
    assert "any grub about?" in studio.file()
    studio.page.click("#toast button")
    studio.says("#toast", "Taken back")
    assert studio.file() == before
    studio.until(lambda: studio.text("#said") != CAFE_SAYS)


def test_a_question_becomes_an_entry_and_a_deleted_one_comes_back(studio: Studio) -> None:
    studio.ask("Do you have lockers?")
    studio.page.click("#new-from")
    assert studio.field("ask").input_value() == "Do you have lockers?"
    studio.save()
    studio.says("[data-field='say'] .wrong", "missing")
    studio.field("say").fill("Yes, by the door.\nYes, behind you.")
    studio.save()
    studio.says(".answer .badge", "Answers")
    assert studio.rest("GET", "museum/faq/do-you-have-lockers")["say"] == ["Yes, by the door.", "Yes, behind you."]
    studio.page.click("#delete")
    studio.says("#toast", "is deleted")
    studio.page.wait_for_selector("#rows")
    assert studio.entry("do-you-have-lockers").count() == 0
    studio.page.click("#toast button")
    studio.until(lambda: studio.entry("do-you-have-lockers").count() == 1)


def test_nothing_that_was_written_is_lost_silently(studio: Studio) -> None:
    studio.edit("cafe")
    studio.field("say").fill("Half a th")
    for leave in (".back", "#history"):
        studio.page.click(leave)
        studio.page.click("#leave button[value=stay]")
        assert studio.field("say").input_value() == "Half a th"
    studio.page.go_back()
    studio.page.click("#leave button[value=save]")
    studio.page.wait_for_selector("#list:not([hidden])")
    assert studio.rest("GET", "museum/faq/cafe")["say"] == "Half a th"


def test_a_dialog_that_is_opened_again_at_once_waits_for_its_own_choice(studio: Studio) -> None:
    asked_twice = """import('/static/studio/dom.js').then(async ({ by, choose }) => {
        const told = new Promise((later) => by('leave').addEventListener('close', later, { once: true }));
        const first = choose(by('leave'));
        document.querySelector('#leave button[value=stay]').click();
        const second = choose(by('leave'));
        await told;
        document.querySelector('#leave button[value=save]').click();
        return [await first, await second];
    })"""
    assert studio.page.evaluate(asked_twice) == ["stay", "save"]


def test_a_history_takes_back_what_was_done_since(studio: Studio) -> None:
    before = studio.file()
    for word in ("One.", "Two."):
        studio.rest("PATCH", "museum/faq/cafe", {"say": word})
    studio.page.click("#history")
    studio.says("#log-rows li:nth-child(1) .change", "One. → Two.")
    studio.page.click("#log-rows li:nth-child(2) button")
    studio.says("#toast", "Taken back")
    assert studio.file() == before


def test_a_bad_edit_by_hand_is_told_until_it_is_mended(studio: Studio) -> None:
    good = studio.file()
    studio.path().write_text(good.replace("faq:\n", "faq: [\n"), encoding="utf-8")
    studio.says("#alerts", "museum.yaml:")
    studio.ask(OPENING)
    studio.says("#said", HOURS)
    studio.path().write_text(good, encoding="utf-8")
    studio.until(lambda: not studio.text("#alerts"))
    assert studio.entry("cafe").is_visible()


def test_every_kind_is_shown_switched_and_edited(studio: Studio) -> None:
    page = studio.page
    page.click("#kind-keywords")
    studio.edit("toilet")
    assert studio.field("any").input_value() == "toilet\nrestroom"
    page.click(".back")
    page.click("#section")
    studio.says("#toast", "switched off")
    assert studio.rest("GET", "museum/keywords/enabled") == {"enabled": False}
    page.click("#toast button")
    studio.says("#toast", "Taken back")

    page.click("#kind-rules")
    studio.edit("thanks")
    studio.field("quota.per").fill("5")
    page.locator("[data-field='on'] input[value=follow]").uncheck()
    studio.save()
    studio.says("#toast", "Saved")
    rule = studio.rest("GET", "museum/rules/thanks")
    assert (rule["on"], rule["quota"]) == (["gift"], {"count": 6, "per": "5m"})
    page.click(".back")

    page.click("#kind-greetings")
    page.click("#new")
    studio.field("on").select_option("time")
    studio.field("at").fill("16:30")
    studio.field("say").fill("We close soon.")
    studio.save()
    studio.says("#toast", "Saved")
    assert studio.rest("GET", "museum/greetings?q=soon")["items"][0]["at"] == "16:30"
    page.click(".back")

    page.click("#kind-documents")
    studio.edit("guide.md")
    studio.field("title").fill("The tower")
    studio.save()
    studio.says("#toast", "Saved")
    assert studio.rest("GET", "museum/documents/guide.md")["title"] == "The tower"


def test_a_skill_and_its_questions(studio: Studio) -> None:
    page = studio.page
    page.click("#kind-skills")
    studio.says(".entry[data-id=night]", "Over since 2020-12-12")
    studio.edit("night")
    studio.field("until").fill("")
    studio.save()
    studio.says("#toast", "Saved")
    page.click("#new-intent")
    studio.field("ask").fill("How long is the long night?")
    studio.field("say").fill("Until midnight.")
    studio.save()
    studio.says("#toast", "Saved")
    page.click(".back")
    studio.until(lambda: studio.entry("night-price").count() == 1 and page.locator(".inside .entry").count() == 2)
    studio.ask("how long is the long night")
    studio.says("#said", "Until midnight.")
    page.click(".back")
    page.click("#new")
    studio.field("title").fill("Lockers")
    studio.field("ask").fill("Do you have lockers?")
    studio.field("say").fill("By the door.")
    studio.save()
    studio.says("#toast", "Saved")
    assert studio.rest("GET", "museum/skills?q=lockers")["items"][0]["intents"][0]["say"] == "By the door."


def test_what_is_tried_is_explained(studio: Studio) -> None:
    studio.ask("ticket")
    studio.says(".answer .badge", "Offers a choice")
    assert studio.page.locator(".choices li").count() >= 2
    studio.ask("where is the toilet")
    studio.says("#why", "keyword")
    studio.says(".hits", "toilet")
    studio.ask("xyzzy plugh")
    studio.says(".answer .badge", "Does not know")
    studio.ask(CAFE)
    studio.says("#follow", f"As a follow-up to “{CAFE}”")
    studio.page.click(".candidate[data-id='cafe'] .link")
    studio.says("#editor-title", CAFE)
