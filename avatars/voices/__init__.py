"""Voices: from a sentence to speech whose words and mouth shapes have exact times."""
