"""Hearing: from a visitor's sound to what was said, and when it began and ended."""
