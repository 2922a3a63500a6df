"""How soon a voice starts, how true its times are, and what is found out about recordings: `visavis bench voice`."""

SECTIONS = ("first_pcm", "alignment", "inspection", "consent", "speakers", "style")
"""In the order of the report."""
