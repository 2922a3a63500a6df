"""Text as it is read aloud: numbers, dates, prices, units, codes and abbreviations in words.

Nothing here knows a voice. `read_aloud` gives the changes, each with the characters of the original that it stands for;
what no rule knows is left to the engine.
"""

from avatars.voices.text.edits import Claims, Edit, Narration, narration
from avatars.voices.text.normalise import MODULES, read_aloud, reader

__all__ = ["MODULES", "Claims", "Edit", "Narration", "narration", "read_aloud", "reader"]
