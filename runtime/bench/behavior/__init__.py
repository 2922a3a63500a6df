"""How fast a tree decides, how sure its manners are, and how aptly the avatar moves: `visavis bench behavior`."""

from runtime.bench.sections import Done as Done

SECTIONS = ("tick", "sequences", "stroke", "labelled", "flips", "learning")
"""In the order of the report."""
