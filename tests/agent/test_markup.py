"""Answers that are written in SSML: shown as words, spoken as they say, and filled with words alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from agent.filling import filled
from agent.reviewing import Unreviewed
from agent.wording import Wording
from knowledge.library import load_file
from visavis.config import ConfigError
from visavis.ssml import parse, words_of
from visavis.words import Cue, Emotion

WELCOME = '<speak>Welcome! <break time="1s"/>Come <mark name="action:wave"/>in.</speak>'


def test_an_answer_in_ssml_is_one_sentence_of_plain_words() -> None:
    (sentence,) = Wording("en").played(WELCOME)
    assert (sentence.text, sentence.markup, sentence.fixed) == ("Welcome! Come in.", WELCOME, True)
    assert sentence.cues == (Cue("action", "wave", 14),)
    (nodding,) = Wording("en").played(WELCOME, "nod")
    assert nodding.cues == (Cue("action", "nod"), Cue("action", "wave", 14))


def test_the_face_shows_the_emotion_that_it_begins_with() -> None:
    said = '<speak><mstts:express-as style="apologetic">We are closed.</mstts:express-as></speak>'
    assert Wording("en").played(said)[0].emotion is Emotion.SORRY


def test_what_is_not_well_formed_is_said_as_plain_sentences() -> None:
    sentences = Wording("en").played("<speak>Hello <b>there. How are you?</speak>")
    assert [(each.text, each.markup) for each in sentences] == [("Hello there.", ""), ("How are you?", "")]
    assert Wording("en").played("<speak> </speak>") == []
    assert [
        each.text for each in Wording("en").played("<!DOCTYPE a><speak>Hi.</speak>".replace("<!DOCTYPE a>", ""))
    ] == ["Hi."]


def test_what_a_visitor_is_called_is_never_markup() -> None:
    given = {"name": 'Mia</speak><break time="10s"/>', "user": {"city": "A & B"}}
    text = "<speak>Hello {name} of {user.city}!</speak>"
    said = filled(text, given, datetime(2026, 11, 20), "en", Unreviewed())
    assert said is not None
    document = parse(said.text)
    assert document.well_formed
    assert document.pauses == ()
    assert document.text == 'Hello Mia</speak><break time="10s"/> of A & B!'


FILE = """\
knowledge: museum
language: en
faq:
  items:
    - id: hours
      ask: When do you open?
      say: {say}
"""


def test_a_knowledge_file_may_say_it_in_ssml(tmp_path: Path) -> None:
    path = tmp_path / "museum.yaml"
    path.write_text(FILE.replace("{say}", repr(WELCOME)), encoding="utf-8")
    library = load_file(path)
    assert words_of(library.faq[0].say[0]) == "Welcome! Come in."


def test_a_knowledge_file_with_a_bomb_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "museum.yaml"
    path.write_text(FILE.replace("{say}", "'<speak><!DOCTYPE x>a</speak>'"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"museum.yaml:7: faq.items\[0\].say.*document type"):
        load_file(path)
