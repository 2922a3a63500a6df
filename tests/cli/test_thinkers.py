"""What a dialog's file says of models, tools and webhooks: taken as it is, or refused with line, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.agent_settings import Live
from runtime.settings import Dialog
from visavis.config import build, read
from visavis.errors import ConfigError

HEAD = "dialog: d\nknowledge: [k]\n"


def written(tmp_path: Path, text: str) -> Dialog:
    file = tmp_path / "d.yaml"
    file.write_text(HEAD + text, "utf-8")
    return build(Dialog, read(file))


def test_a_live_room_is_one_word_or_says_how(tmp_path: Path) -> None:
    assert written(tmp_path, "").room is None
    assert written(tmp_path, "live: false\n").room is None
    assert written(tmp_path, "live: true\n").room == Live()
    assert written(tmp_path, "live: {fallback: say}\n").room == Live(fallback="say")


def test_grounding_is_strict_unless_the_file_says_off(tmp_path: Path) -> None:
    llm = "llm: {url: 'http://x/v1', model: m%s}\n"
    for more, grounding in (("", "strict"), (", grounding: off", "off"), (", grounding: figures", "figures")):
        found = written(tmp_path, llm % more).llm
        assert found is not None
        assert found.grounding == grounding


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tools: {items: [{name: t, description: d, url: 'http://x'}]}\n", "trusted: true"),
        ("tools: {trusted: true, items: [{name: 'a b', description: d, url: 'http://x'}]}\n", "tools.items[0].name"),
        ("tools: {trusted: true, items: [{name: t, description: d, url: 'ftp://x'}]}\n", "tools.items[0].url"),
        ("tools: {trusted: true, items: [{name: t, description: d, url: 'http://x', parameters: {properties: 3}}]}\n",
         "no mapping of schemas"),
        ("tools: {trusted: true, items: [{name: t, description: d, url: 'http://{h}.x/s'}]}\n", "tools.items[0].url"),
        ("webhook: {url: 'brain.example'}\n", "webhook.url"),
        ("webhook: {url: 'https://x', when: sometimes}\n", "webhook.when"),
        ("llm: {url: 'http://x/v1', model: m, fallbacks: [{url: 'http://y/v1'}]}\n", "llm.fallbacks[0].model"),
        ("live: {answer_from: 2}\n", "live"),
        ("filler: {after_s: 0}\n", "filler.after_s"),
        ("persona: {style: rap}\n", "persona.style"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_where_it_stands(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, text)
    assert f"d.yaml:3: {says}"[:9] in str(caught.value)
    assert says in str(caught.value)
