"""How Mandarin is read aloud."""

from avatars.voices.text.zh.reader import RULES, ChineseReader

__all__ = ["RULES", "ChineseReader"]
