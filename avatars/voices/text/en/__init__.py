"""How English is read aloud."""

from avatars.voices.text.en.reader import RULES, EnglishReader

__all__ = ["RULES", "EnglishReader"]
