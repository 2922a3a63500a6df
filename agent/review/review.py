"""The review of one dialog: both ways, before a sentence is voiced."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence

from agent import lines, redact
from agent.review import injection, leaks, lists, syllables
from agent.review.classifier import Classifier
from agent.review.fold import fold
from agent.review.lexicon import Lexicon
from agent.review.policy import Policy
from agent.review.verdict import Verdict
from agent.visitor import clean
from visavis.errors import EngineError

log = logging.getLogger(__name__)

NICKNAME = 24
"""Characters of a name that are spoken."""


class Review:
    """Shared by all sessions of a dialog. It never raises; what it blocks is logged by its rule, never by its words.

    `canary` is a word that belongs into a system prompt: a sentence that holds it is never said. `blocked` counts
    what was blocked by class.
    """

    def __init__(
        self, policy: Policy | None = None, *, language: str = "en", classifier: Classifier | None = None
    ) -> None:
        """Raises ConfigError for a word list that cannot be used, ValueError for a term of `policy.allow`."""
        self._policy, self._language, self._classifier = policy or Policy(), language, classifier
        self._lexicon = Lexicon(_terms(self._policy))
        self.canary = secrets.token_hex(8)
        self.blocked: Counter[str] = Counter()

    async def heard(self, text: str) -> Verdict:
        """Whether a visitor's words may be answered, and as what."""
        return await self._settled("heard", text, lambda: self._heard(text))

    async def said(self, text: str, sources: Sequence[str] = (), prompt: str = "") -> Verdict:
        """Whether a sentence that nobody wrote beforehand may be spoken.

        A link, a number or an address in it must be in one of the `sources`; of the `prompt` it repeats nothing.
        """
        return await self._settled("said", text, lambda: self._said(text, sources, prompt))

    def masked(self, text: str) -> str:
        """A visitor's words as they may be remembered."""
        return redact.redacted(text, self._language) if self._policy.personal_data != "off" else text

    def nickname(self, text: str) -> str:
        """A visitor's name as it may be spoken; a neutral one in its place where it may not."""
        name = clean(text).text
        reason = self._nickname(name) if any(map(str.isalnum, name)) else "empty"
        if reason and reason != "empty":
            self._block("nickname", reason)
        return lines.somebody(self._language) if reason else name[:NICKNAME].rstrip()

    def orders(self, text: str) -> bool:
        """Whether data try to give a language model orders."""
        rule = injection.find(text, fold(text)) if self._policy.injection else None
        if rule:
            self._block("told", f"injection:{rule}")
        return rule is not None

    def _heard(self, text: str) -> Verdict:
        folded = fold(text)
        if term := self._lexicon.find_folded(folded):
            return Verdict(False, f"lexicon:{term.rule}")
        if self._policy.injection and (rule := injection.find(text, folded)):
            return Verdict(False, f"injection:{rule}")
        return self._treated(text)

    def _treated(self, text: str) -> Verdict:
        """A visitor's words without what the policy masks."""
        found: list[redact.Found] = []
        pairs = ((self._policy.personal_data, redact.personal), (self._policy.links, redact.links))
        for treatment, find in pairs:
            pieces = find(text) if treatment != "off" else []
            if pieces and treatment == "block":
                return Verdict(False, f"personal:{pieces[0].kind}")
            found += (
                each for each in pieces if not any(each.start < one.end and one.start < each.end for one in found)
            )
        reason = f"masked:{found[0].kind}" if found else ""
        return Verdict(True, reason, redact.masked(text, found, self._language))

    def _said(self, text: str, sources: Sequence[str], prompt: str) -> Verdict:
        if leaks.canary(text, self.canary):
            return Verdict(False, "prompt:canary")
        if prompt and leaks.verbatim(text, prompt, sources):
            return Verdict(False, "prompt:verbatim")
        if term := self._lexicon.find(text):
            return Verdict(False, f"lexicon:{term.rule}")
        if self._policy.injection and leaks.code(text, sources):
            return Verdict(False, "unknown:code")
        if self._policy.personal_data != "off" and (found := leaks.unknown_personal(text, sources)):
            return Verdict(False, f"unknown:{found[0].kind}")
        if self._policy.links != "off" and (found := leaks.unknown_links(text, sources)):
            return Verdict(False, f"unknown:{found[0].kind}")
        return Verdict(True, "", text)

    def _nickname(self, name: str) -> str:
        folded = fold(name)
        if term := self._lexicon.find_folded(folded):
            return f"lexicon:{term.rule}"
        if rule := injection.find(name, folded):
            return f"injection:{rule}"
        found = [*redact.personal(name), *redact.links(name)]
        return f"personal:{found[0].kind}" if found else ""

    async def _settled(self, way: str, text: str, judge: Callable[[], Verdict]) -> Verdict:
        """The verdict after the classifier has been asked too."""
        try:
            verdict = judge()
        except Exception as error:
            log.error("review: a text could not be judged: %s", type(error).__name__)
            verdict = Verdict(False, "failed") if self._policy.blocks_unjudged else Verdict(True, "failed", text)
        if verdict.ok and self._classifier is not None:
            reason = await self._classified(self._classifier, verdict.text)
            verdict = Verdict(False, reason) if reason else verdict
        if not verdict.ok:
            self._block(way, verdict.reason)
        return verdict

    async def _classified(self, classifier: Classifier, text: str) -> str:
        try:
            found = await classifier.judge(text)
        except EngineError as error:
            log.warning("review: the classifier failed: %s", error)
        except Exception as error:
            log.warning("review: the classifier failed: %s", type(error).__name__)
        else:
            return f"classifier:{found}" if found else ""
        return "classifier:failed" if self._policy.blocks_unjudged else ""

    def _block(self, way: str, reason: str) -> None:
        self.blocked[f"{way}:{reason.partition(':')[0]}"] += 1
        log.warning("review: blocked what was %s: %s", way if way != "nickname" else "a nickname", reason)

    async def close(self) -> None:
        if self._classifier is not None:
            await self._classifier.close()


def _terms(policy: Policy) -> list[lists.Term]:
    found = [term for name in policy.lexicons for term in lists.load(lists.find(name, policy.folder))]
    found += (lists.term(text, f"allow:dialog:{number}") for number, text in enumerate(policy.allow, 1))
    if any(not each.words.isascii() for each in found):
        syllables.warm_up()
    return found
