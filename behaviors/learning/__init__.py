"""Which manner of answering visitors like best, learnt from what they do: a contextual bandit, off by default.

Only how an answer is spoken and whether hands stress its words is chosen, never what is said.
"""

from behaviors.learning.arms import PLAIN, Arm, Beats
from behaviors.learning.context import FEATURES, Circumstances
from behaviors.learning.evaluate import Estimate, Evaluation, evaluate
from behaviors.learning.outcome import Outcome, Reward
from behaviors.learning.policy import Choice, Policy, Terms
from behaviors.learning.trial import Trial

__all__ = [
    "FEATURES",
    "PLAIN",
    "Arm",
    "Beats",
    "Choice",
    "Circumstances",
    "Estimate",
    "Evaluation",
    "Outcome",
    "Policy",
    "Reward",
    "Terms",
    "Trial",
    "evaluate",
]
