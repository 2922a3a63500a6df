"""Small knowledge bases of confusable neighbours, asked in words that are not in their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from knowledge.cases import read_cases
from knowledge.evaluate import Evaluation, evaluate
from knowledge.knowledge import Knowledge
from knowledge.library import load_file
from runtime.bench.report import Row
from runtime.opened import embedder_for
from runtime.settings import Installation

SETS = Path(__file__).parents[2] / "tests" / "data" / "kb"
KINDS = {"everyday": "unseen", "held": "unseen and hard", "dev": "tuned on"}
"""What the first word of a set's name says of it, in the order of the report."""
LANGUAGES = {"en": "English", "zh": "Chinese"}
_BOUNDS: Mapping[str, Mapping[str, float]] = {
    "en": {"direct_right": 0.75, "direct_wrong": 0.05, "off": 0.05, "right_or_offered": 0.90, "choices": 0.50},
    "zh": {"direct_right": 0.55, "direct_wrong": 0.06, "off": 0.08, "right_or_offered": 0.78, "choices": 0.60},
}


async def small_sets(
    installation: Installation, *, quick: bool = False, done: Callable[[int, int], None] = lambda done, total: None
) -> tuple[list[Row], list[str]]:
    """The figures by language, of the sets that nobody tunes on and then of those for tuning, and all questions.

    Bounds belong to the everyday sets: they are as hard for plain neighbours as those that the bounds were set for.
    """
    found: dict[tuple[str, str], list[Evaluation]] = defaultdict(list)
    paths = [path for path in sorted(SETS.glob("*.yaml")) if path.with_suffix(".csv").is_file()]
    for place, path in enumerate(paths):
        kind = path.name.partition("_")[0]
        language = load_file(path).language.split("-")[0].lower()
        if not quick or not found[language, kind]:
            found[language, kind].append(await _evaluated(installation, path))
        done(place + 1, len(paths))
    rows: list[Row] = []
    for kind in KINDS:
        for language in sorted({language for language, found_kind in found if found_kind == kind}):
            rows += _rows(language, kind, found[language, kind])
    return rows, [row.text for evaluations in found.values() for each in evaluations for row in each.rows]


async def _evaluated(installation: Installation, path: Path) -> Evaluation:
    async with embedder_for(installation, load_file(path).language) as (context, embedder):
        knowledge = await Knowledge.open_file(path, context, embedder)
        return await evaluate(knowledge, read_cases(path.with_suffix(".csv"), knowledge.ids()))


def _rows(language: str, kind: str, evaluations: Sequence[Evaluation]) -> list[Row]:
    whole = Evaluation(
        tuple(row for each in evaluations for row in each.rows),
        tuple(near for each in evaluations for near in each.nearest),
    )
    shares = {name: share or 0.0 for name, share in whole.shares.items()}
    bounds = _BOUNDS.get(language, {}) if kind == "everyday" else {}
    name = f"small FAQs, {LANGUAGES.get(language, language)}, {KINDS[kind]}"
    note = f"{len(evaluations)} sets, {whole.on_topic} questions on and {whole.off_topic} off topic"
    return [
        Row(f"{name}: direct and right", shares["direct_right"], "", bounds.get("direct_right"), True, note),
        Row(f"{name}: direct and wrong", shares["direct_wrong"], "", bounds.get("direct_wrong")),
        Row(f"{name}: off-topic answered", 1 - shares["off_topic_rejected"], "", bounds.get("off")),
        Row(f"{name}: right or offered", shares["right_or_offered"], "", bounds.get("right_or_offered"), True),
        Row(f"{name}: off-topic given choices", shares["off_topic_given_choices"], "", bounds.get("choices")),
    ]
