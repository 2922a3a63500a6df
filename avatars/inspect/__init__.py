"""Looks at a recording that an avatar shall be made of: one rule a file, each finding with times, a picture, advice."""
