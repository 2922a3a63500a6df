"""The lexicon as its files are edited while voices speak by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatars.voices.narrated import Narrated
from runtime.lexicons import Lexicons
from visavis.engines import Style
from visavis.errors import ConfigError
from visavis.fakes.tts import FakeTts

LARGE = "lexicon: en\nentries: [{id: xl, grapheme: XL, alias: large}]\n"


async def test_an_edit_is_heard_and_one_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    file = tmp_path / "en.yaml"
    file.write_text(LARGE, encoding="utf-8")
    lexicons, fake = Lexicons(tmp_path), FakeTts()
    await lexicons.ready()
    voice = Narrated(fake, "en", lambda: lexicons.current)

    async def said() -> str:
        async for _ in voice.speak("Size XL", Style()):
            pass
        return fake.spoken[-1][0]

    assert await said() == "Size large"
    before = voice.version
    file.write_text(LARGE.replace("large", "extra large"), encoding="utf-8")
    assert await lexicons.reload()
    assert await said() == "Size extra large"
    assert voice.version != before
    file.write_text("lexicon: en\nentries: [{id: xl}]\n", encoding="utf-8")
    assert not await lexicons.reload()
    assert "grapheme" in str(lexicons.bad_edit)
    assert await said() == "Size extra large"
    file.write_text(LARGE, encoding="utf-8")
    assert await lexicons.reload()
    assert lexicons.bad_edit is None
    assert not await lexicons.reload(), "nothing has changed"


async def test_a_wrong_file_at_the_start_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text("lexicon: en\nentries: [{id: xl}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"en\.yaml:2"):
        await Lexicons(tmp_path).ready()
    missing = Lexicons(tmp_path / "none")
    await missing.ready()
    assert missing.current.entries == ()
