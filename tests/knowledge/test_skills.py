"""Skills and rules in the file: read, put together, switched and dated."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.knowledge import Knowledge
from knowledge.library import load_file, load_library
from knowledge.ngrams import NGrams
from visavis.errors import ConfigError

HEAD = "knowledge: museum\nlanguage: en\n"
SKILLS = """
skills:
  enabled: true
  items:
    - id: coats
      title: The cloakroom
      from: 2026-01-01
      until: 2026-06-30
      intents:
        - id: coat-fee
          ask: [What does the cloakroom cost?]
          say: Nothing at all.
          action: ok
          until: 2026-12-31
          show: {title: Cloakroom, image: coats.png, video: coats.mp4, audio: "https://museum.example/coats.mp3"}
        - {id: coat-time, ask: Until when can I fetch my coat?, say: Until we close., enabled: false}
"""
RULES = """
rules:
  items:
    - {id: big-gift, on: [gift, paid_comment], priority: 5, cooldown: 10s, quota: {count: 3, per: 1h},
       say: "Thank you!", action: heart}
    - {id: crowd, on: viewer_count, llm: Greet the crowd in one sentence.}
    - {id: chime, on: time, every: 1h, show: {audio: chime.ogg}}
"""


def test_an_intent_lies_within_its_skill(write):
    library = load_file(write(HEAD + SKILLS))
    fee, time = library.intents
    assert fee.valid(datetime(2026, 6, 30, 12))
    assert not fee.valid(datetime(2026, 7, 1))
    assert not fee.valid(datetime(2025, 12, 31))
    assert not time.valid(datetime(2026, 6, 30))


def test_skills_that_are_off_have_no_intents(write):
    assert load_file(write(HEAD + SKILLS.replace("enabled: true", "enabled: false"))).intents == ()


async def test_an_intent_answers_like_a_question(write, context):
    path = write(HEAD + SKILLS.replace("  enabled: true\n", ""))
    knowledge = await Knowledge.open_file(path, context, NGrams(), now=lambda: datetime(2026, 3, 1))
    found = await knowledge.find("What does the cloakroom cost?")
    assert (found.decision, found.source) == ("direct", "skill")
    assert found.entry is not None
    assert (found.entry.id, found.entry.kind, found.entry.say) == ("coat-fee", "skill", ("Nothing at all.",))
    assert found.entry.show is not None
    assert (found.entry.show.video, found.entry.show.audio) == ("coats.mp4", "https://museum.example/coats.mp3")
    assert sorted(knowledge.pictures()) == ["coats.mp4", "coats.png"]


def test_rules_are_read(write):
    gift, crowd, chime = load_file(write(HEAD + RULES)).rules
    assert (gift.on, gift.cooldown) == (("gift", "paid_comment"), 10.0)
    assert gift.quota is not None
    assert (gift.quota.count, gift.quota.per) == (3, 3600.0)
    assert (crowd.say, crowd.llm) == (None, "Greet the crowd in one sentence.")
    assert chime.show is not None
    assert chime.show.audio == "chime.ogg"


INTENT = "{id: hours, ask: When?, say: Now.}"


@pytest.mark.parametrize(
    ("second", "key"),
    [
        (f"skills: {{items: [{{id: s, intents: [{INTENT}]}}]}}\n", "skills.items[0].intents[0].id"),
        ("skills: {enabled: false}\n", "skills.enabled"),
        ("rules: {enabled: false}\n", "rules.enabled"),
        ("rules: {items: [{id: r, on: like, say: Hi}]}\n", "rules.items[0].id"),
    ],
)
def test_ids_and_switches_agree_across_files(write, second, key):
    first = (
        HEAD
        + f"faq: {{items: [{INTENT}]}}\nskills: {{enabled: true}}\n"
        + "rules: {enabled: true, items: [{id: r, on: like, say: Hi}]}\n"
    )
    folder = write(first, "a.yaml").parent
    write(HEAD + second, "b.yaml")
    with pytest.raises(ConfigError) as caught:
        load_library("museum", folder)
    assert (caught.value.path.name, caught.value.key) == ("b.yaml", key)
