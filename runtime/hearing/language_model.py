"""The language model of a knowledge base: its own questions over a background of what anyone asks anywhere.

A model is a folder in the cache, named by the hash of what made it: `words.dict` (the pronunciations of its
vocabulary alone, which keeps a decoder at 4 MB) and `questions.arpa`.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from runtime.hearing import background
from runtime.hearing.common import Common, common
from runtime.hearing.sounds import pronounce, read_dictionary
from runtime.hearing.wording import sentences, words
from visavis.recipe import recipe

QUESTION_WEIGHT = 10
"""How often each short phrase counts beside one background sentence."""
GENERAL_WEIGHT = 8
"""Thousands of words that English in general counts for."""
_SHORT = 12
MODULES = ("language_model", "sounds", "common")
"""What decides how a corpus becomes a model."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The two files of a model, in a folder of its own."""

    folder: Path

    @property
    def dictionary(self) -> Path:
        return self.folder / "words.dict"

    @property
    def grammar(self) -> Path:
        return self.folder / "questions.arpa"


def build(phrases: Iterable[str], cache: Path) -> LanguageModel:
    """The model for `phrases`, from the cache or made in about half a second. Blocks; imports pocketsphinx."""
    corpus = list(_corpus(phrases))
    made_of = "\n".join((recipe(Path(__file__).parent, MODULES), version("pocketsphinx"), *corpus))
    model = LanguageModel(cache / "asr" / hashlib.sha256(made_of.encode()).hexdigest()[:20])
    if not model.grammar.exists():
        model.folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=model.folder.parent))
        try:
            _write(corpus, LanguageModel(making), cache)
            _publish(making, model.folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return model


def acoustic_model() -> Path:
    """The folder of the English model that comes with pocketsphinx."""
    found: str = importlib.import_module("pocketsphinx").get_model_path("en-us/en-us")
    return Path(found)


def written_forms(phrases: Iterable[str]) -> dict[str, str]:
    """From a phrase's spoken words to the way it is written, for the questions among `phrases`."""
    return {" ".join(words(text)): text for text in phrases if len(words(text)) <= _SHORT}


def _corpus(phrases: Iterable[str]) -> Iterator[str]:
    """Every sentence as often as it counts: short phrases are what people say, long ones only lend their words."""
    for phrase in phrases:
        for spoken in sentences(phrase):
            yield from [" ".join(spoken)] * (QUESTION_WEIGHT if len(spoken) <= _SHORT else 1)
    yield from background.sentences()


def _write(corpus: list[str], model: LanguageModel, cache: Path) -> None:
    known = read_dictionary(acoustic_model().parent / "cmudict-en-us.dict")
    large = common(known, cache)
    vocabulary = {word for line in corpus for word in line.split()} | large.words.keys()
    said = pronounce(vocabulary, known)
    entries = (
        f"{word}{f'({number})' if number > 1 else ''} {phones}"
        for word, ways in said.items()
        for number, phones in enumerate(ways, 1)
    )
    model.dictionary.write_text("\n".join(entries) + "\n", "utf-8")
    usable = (" ".join(word for word in line.split() if word in said) for line in corpus)
    builder: Any = importlib.import_module("pocketsphinx.lm").ArpaBoLM()
    builder.read_corpus(io.StringIO("".join(f"<s> {line} </s>\n" for line in usable if line)))
    _mix(builder, large)
    builder.compute()
    with model.grammar.open("w", encoding="utf-8") as file:
        builder.write(file)


def _mix(builder: Any, large: Common) -> None:
    """Count English in general as so many words beside the corpus."""
    for word, often in large.words.items():
        builder.grams_1[word] += often * GENERAL_WEIGHT
    for first, after in large.pairs.items():
        for second, often in after.items():
            builder.grams_2[first][second] += often * GENERAL_WEIGHT


def _publish(made: Path, folder: Path) -> None:
    """Move into place at once; another process that was quicker wins."""
    try:
        made.replace(folder)
    except OSError:
        if not (folder / "questions.arpa").exists():
            raise
