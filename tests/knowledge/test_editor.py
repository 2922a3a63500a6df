"""Editing a library: which file changes, what is refused, what is logged, what can be taken back."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.editing import EditError, Editor, Record, Switch, created, etag, merged, removed, replaced
from knowledge.editing import files as writing
from knowledge.library import load_library

FIRST = """\
# The desk's own.
knowledge: museum
language: en
faq:
  items:
    - id: opening-hours   # asked most
      ask: [When do you open?]
      say: "At nine."

    - id: tickets
      ask: [How much is it?]
      say: "Nine euros."
"""
SECOND = """\
knowledge: museum
language: en
greetings:
  items:
    - {id: welcome, on: enter, say: "Welcome!"}
skills:
  items:
    - id: parking
      intents:
        # the yard
        - {id: where-to-park, ask: [Where can I park?], say: In the yard.}
faq:
  items:
    - id: cafe
      ask: [Is there a cafe?]
      say: On the first floor.
"""
OTHER = "knowledge: teahouse\nlanguage: zh\nfaq: {items: [{id: open, ask: 几点开门, say: 九点。}]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for name, text in (("a.yaml", FIRST), ("b.yaml", SECOND), ("other.yaml", OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def editor(folder: Path, tmp_path: Path) -> Editor:
    return Editor(folder, tmp_path / "edits", now=lambda: datetime(2026, 5, 1, 9, tzinfo=UTC))


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def one(editor: Editor, change: object, who: str = "eva") -> Record | None:
    (done,) = editor.edit("museum", [change], who)  # type: ignore[list-item]
    assert not isinstance(done, EditError)
    return done.record


def refused(editor: Editor, change: object) -> EditError:
    with pytest.raises(EditError) as error:
        editor.edit("museum", [change], "eva")  # type: ignore[list-item]
    return error.value


# ── what is written ──
def test_an_answer_is_changed_where_it_stands_and_nothing_else_is(editor: Editor, folder: Path) -> None:
    before = files(folder)
    one(editor, merged("faq", "tickets", {"say": "Ten euros."}))
    assert files(folder) == before | {"a.yaml": FIRST.replace('"Nine euros."', '"Ten euros."')}
    assert load_library("museum", folder).faq[1].say == ("Ten euros.",)


def test_a_new_record_goes_to_the_first_file_that_has_the_section_or_to_the_one_that_is_named(
    editor: Editor, folder: Path
) -> None:
    record = one(editor, created("faq", {"ask": ["Do you have lockers?"], "say": "Yes."}))
    assert record == {"id": "do-you-have-lockers", "ask": ["Do you have lockers?"], "say": "Yes."}
    assert "do-you-have-lockers" in files(folder)["a.yaml"]
    one(editor, created("greetings", {"id": "bye", "on": "idle", "say": "Bye!"}))
    assert files(folder)["b.yaml"].count("bye") == 1
    one(editor, created("keywords", {"any": ["wc"], "say": "Downstairs."}, file="b.yaml"))
    assert files(folder)["b.yaml"].endswith(
        "\nkeywords:\n  items:\n    - id: wc\n      any: [wc]\n      say: Downstairs.\n"
    )
    assert "a.yaml" in str(refused(editor, created("faq", {"ask": "x", "say": "y"}, file="../a.yaml")))


def test_no_record_takes_the_address_of_the_switch(editor: Editor) -> None:
    with pytest.raises(EditError, match="address of the section's switch"):
        one(editor, created("faq", {"id": "enabled", "ask": ["Is it on?"], "say": "Yes."}))
    record = one(editor, created("faq", {"ask": ["Enabled?"], "say": "Yes."}))
    assert record is not None
    assert record["id"] == "enabled-2"


def test_ids_are_made_of_the_first_question_and_are_not_given_twice(editor: Editor) -> None:
    made = [
        one(editor, created("faq", {"ask": ask, "say": "…"}))
        for ask in ("Where to park?", "几点开门？", "？？", "几点开门!")
    ]
    assert [each and each["id"] for each in made] == ["where-to-park-2", "几点开门", "faq", "几点开门-2"]


def test_a_section_is_switched_in_one_line(editor: Editor, folder: Path) -> None:
    one(editor, Switch("greetings", False))
    assert files(folder)["b.yaml"] == SECOND.replace("greetings:\n", "greetings:\n  enabled: false\n")
    assert not editor.open("museum").enabled("greetings")
    assert editor.open("museum").get("greetings", "welcome")
    one(editor, Switch("greetings", True))
    assert "  enabled: true\n" in files(folder)["b.yaml"]
    assert refused(editor, Switch("documents", False)).code == "unsupported"


def test_an_edit_that_changes_nothing_writes_and_logs_nothing(editor: Editor, folder: Path, tmp_path: Path) -> None:
    at = (folder / "a.yaml").stat().st_mtime_ns
    one(editor, merged("faq", "tickets", {"say": "Nine euros."}))
    assert (folder / "a.yaml").stat().st_mtime_ns == at
    assert not (tmp_path / "edits").exists()


def test_a_file_keeps_its_mode_its_mark_and_its_line_ends(editor: Editor, folder: Path) -> None:
    path = folder / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + FIRST.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    one(editor, merged("faq", "tickets", {"say": "Ten euros.", "action": "nod"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# The")
    assert raw.count(b"\n") == raw.count(b"\r\n") == FIRST.count("\n") + 1
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_a_link_to_a_file_stays_a_link(editor: Editor, folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    (folder / "a.yaml").replace(real)
    (folder / "a.yaml").symlink_to(real)
    one(editor, merged("faq", "tickets", {"say": "Ten."}))
    assert (folder / "a.yaml").is_symlink()
    assert "Ten." in real.read_text()


# ── what is refused ──
@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (created("faq", {"id": "tickets", "ask": "x", "say": "y"}), "exists", "id"),
        (created("faq", {"id": "cafe", "ask": "x", "say": "y"}), "exists", "id"),
        (created("faq", {"id": "where-to-park", "ask": "x", "say": "y"}), "exists", "id"),
        (created("faq", {"id": "n", "ask": "x"}), "invalid", "say"),
        (created("faq", {"id": "n", "ask": "x", "say": "y", "sey": "z"}), "invalid", "sey"),
        (created("faq", {"id": "../n", "ask": "x", "say": "y"}), "invalid", "id"),
        (created("faq", {"id": 7, "ask": "x", "say": "y"}), "invalid", "id"),
        (created("documents", {"path": "absent.md"}), "invalid", "documents[0].path"),
        (merged("faq", "tickets", {"id": "prices"}), "invalid", "id"),
        (merged("faq", "tickets", {"say": None}), "invalid", "say"),
        (merged("faq", "nothing", {"say": "x"}), "not_found", ""),
        (removed("rules", "tickets"), "not_found", ""),
        (merged("faq", "tickets", {"say": "x"}, ['"other"']), "stale", ""),
        (replaced("faq", "new", {"ask": "x", "say": "y"}, ["*"]), "stale", ""),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_changes(
    change: object, code: str, where: str, editor: Editor, folder: Path
) -> None:
    before = files(folder)
    error = refused(editor, change)
    assert (error.code, error.where) == (code, where), error
    assert error.problem
    assert error.remedy
    assert files(folder) == before


def test_the_tag_of_a_record_changes_with_its_content_alone(editor: Editor) -> None:
    before = etag(editor.open("museum").get("faq", "tickets"))
    one(editor, merged("faq", "cafe", {"say": "Upstairs."}))
    assert etag(editor.open("museum").get("faq", "tickets")) == before
    one(editor, merged("faq", "tickets", {"say": "Ten."}, [before]))
    assert refused(editor, merged("faq", "tickets", {"say": "Eleven."}, [before])).code == "stale"


def test_a_library_that_is_broken_by_hand_is_not_edited(editor: Editor, folder: Path) -> None:
    (folder / "b.yaml").write_text(SECOND + "faq2: 1\n")
    error = refused(editor, merged("faq", "tickets", {"say": "Ten."}))
    assert (error.code, error.where) == ("broken", "b.yaml:17: faq2")
    (folder / "b.yaml").write_text("knowledge: museum\n\tlanguage: en\n")
    assert refused(editor, merged("faq", "tickets", {"say": "Ten."})).code == "broken"
    assert files(folder)["a.yaml"] == FIRST


def test_a_library_that_is_not_there_is_named(editor: Editor) -> None:
    assert editor.names() == ["museum", "teahouse"]
    with pytest.raises(EditError, match="did you mean 'museum'"):
        editor.open("musem")
    with pytest.raises(EditError):
        editor.log("../museum")


# ── many at once ──
def test_the_good_rows_of_a_batch_are_made_and_the_bad_ones_are_told(editor: Editor, folder: Path) -> None:
    rows = [
        created("faq", {"id": "one", "ask": "One?", "say": "1"}),
        created("faq", {"id": "one", "ask": "Again?", "say": "1"}),
        created("faq", {"id": "two", "ask": [], "say": "2"}),
        created("faq", {"id": "where-to-park", "ask": "Three?", "say": "3"}),
        created("faq", {"id": "long", "ask": "Long?", "say": "…", "show": {"image": "../secret.png"}}),
        merged("faq", "cafe", {"say": "Upstairs."}),
        removed("faq", "tickets"),
    ]
    answers = editor.edit("museum", rows, "eva", atomic=False)
    assert [each.code if isinstance(each, EditError) else each.id for each in answers] == [
        "one", "exists", "invalid", "exists", "invalid", "cafe", "tickets",
    ]  # fmt: skip
    assert [each.id for each in load_library("museum", folder).faq] == ["opening-hours", "one", "cafe"]
    documents = [created("documents", {"path": name}) for name in ("absent.md", "guide.md")]
    (folder / "guide.md").write_text("# Guide\n\nText.")
    answers = editor.edit("museum", documents, "eva", atomic=False)
    assert [isinstance(each, EditError) for each in answers] == [True, False]
    with pytest.raises(EditError) as error:
        editor.edit("museum", [created("faq", {"id": "four", "ask": "?!", "say": "4"}), rows[2]], "eva")
    assert error.value.row == 1
    assert "four" not in files(folder)["a.yaml"]


def test_a_thousand_rows_are_one_edit(editor: Editor, folder: Path) -> None:
    rows = [created("faq", {"ask": [f"What is number {n}?"], "say": f"It is {n}."}) for n in range(1_000)]
    assert all(not isinstance(each, EditError) for each in editor.edit("museum", rows, "eva", atomic=False))
    assert len(load_library("museum", folder).faq) == 1_003
    assert len(editor.log("museum")) == 1
    editor.undo("museum", "eva")
    assert files(folder)["a.yaml"] == FIRST


# ── taking back ──
def test_edits_are_taken_back_to_the_byte_one_after_another(editor: Editor, folder: Path) -> None:
    before = files(folder)
    one(editor, merged("faq", "tickets", {"say": "Ten: euros.", "show": {"title": "T"}}))
    one(editor, removed("faq", "opening-hours"))
    one(editor, Switch("faq", False))
    one(editor, merged("skills", "parking", {"title": "Parking"}))
    assert len(editor.undo("museum", "max", 3)) == 3
    assert [each.changes[0].id for each in editor.undo("museum", "max")] == ["tickets"]
    assert files(folder) == before
    with pytest.raises(EditError, match="no edit to take back"):
        editor.undo("museum", "max")


def test_an_edit_is_taken_back_around_what_was_changed_by_hand_elsewhere(editor: Editor, folder: Path) -> None:
    one(editor, merged("faq", "tickets", {"say": "Ten euros."}))
    one(editor, removed("faq", "opening-hours"))
    path = folder / "a.yaml"
    path.write_text(
        path.read_text().replace("# The desk's own.", "# By hand.").replace("[How much is it?]", "[Price?]")
    )
    editor.undo("museum", "max")
    assert [each["id"] for each in editor.open("museum").records("faq")] == ["opening-hours", "tickets", "cafe"]
    assert path.read_text().startswith("# By hand.")
    with pytest.raises(EditError) as error:
        editor.undo("museum", "max")
    assert (error.value.code, error.value.where) == ("changed_since", "faq/tickets")
    assert "Ten euros." in path.read_text()


def test_every_edit_is_logged_with_who_and_what(editor: Editor, tmp_path: Path) -> None:
    one(editor, merged("faq", "tickets", {"say": "Ten."}), who="eva")
    editor.undo("museum", "max")
    rows = [json.loads(line) for line in (tmp_path / "edits" / "museum.jsonl").read_text().splitlines()]
    assert [(each["who"], each["undoes"]) for each in rows] == [("eva", None), ("max", rows[0]["id"])]
    (changed,) = rows[0]["changes"]
    assert (changed["kind"], changed["id"], changed["file"]) == ("faq", "tickets", "a.yaml")
    assert (changed["before"]["say"], changed["after"]["say"]) == ("Nine euros.", "Ten.")
    assert rows[0]["at"] == "2026-05-01T09:00:00.000+00:00"
    assert rows[1]["files"]["a.yaml"]["after"] == rows[0]["files"]["a.yaml"]["before"]


def test_a_line_that_a_crash_cut_short_does_not_hide_the_others(editor: Editor, tmp_path: Path) -> None:
    one(editor, merged("faq", "tickets", {"say": "Ten."}))
    with (tmp_path / "edits" / "museum.jsonl").open("a") as file:
        file.write('{"id": "half", "at": ')
    one(editor, merged("faq", "tickets", {"say": "Eleven."}))
    assert [each.changes[0].after["say"] for each in editor.log("museum")] == ["Ten.", "Eleven."]


# ── others who write ──
def test_what_is_saved_by_hand_during_an_edit_is_kept(
    editor: Editor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = folder / "a.yaml", writing._beside
    saved = iter([FIRST.replace("At nine.", "At ten.")])

    def meanwhile(target: Path, raw: bytes) -> Path:
        for text in saved:
            path.write_text(text)
        return real(target, raw)

    monkeypatch.setattr(writing, "_beside", meanwhile)
    one(editor, merged("faq", "tickets", {"say": "Ten euros."}))
    assert path.read_text() == FIRST.replace("At nine.", "At ten.").replace("Nine euros.", "Ten euros.")
    assert len(editor.log("museum")) == 1


def test_a_crash_before_the_files_are_in_place_leaves_them_and_the_log_as_they_were(
    editor: Editor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Path, target: Path) -> Path:
        raise OSError("the disk is gone")

    before = files(folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", broken)
        with pytest.raises((OSError, EditError)):
            one(editor, merged("faq", "tickets", {"say": "Ten."}))
    assert files(folder) == before
    assert editor.log("museum") == []


def test_while_another_process_writes_an_edit_waits_and_then_says_so(
    editor: Editor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing.sole_writer.__wrapped__, "__defaults__", (0.1,))  # type: ignore[attr-defined]
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        assert refused(editor, merged("faq", "tickets", {"say": "Ten."})).code == "busy"
    finally:
        os.close(handle)
    one(editor, merged("faq", "tickets", {"say": "Ten."}))


def test_of_two_who_read_the_same_one_is_told_that_he_is_late(editor: Editor) -> None:
    tag = etag(editor.open("museum").get("faq", "tickets"))
    codes: list[str] = []

    def write(say: str) -> None:
        try:
            editor.edit("museum", [merged("faq", "tickets", {"say": say}, [tag])], say)
            codes.append("done")
        except EditError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=write, args=(f"{n} euros",)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == ["done", "stale", "stale", "stale"]
