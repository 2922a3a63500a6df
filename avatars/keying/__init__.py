"""Keying: which pixels of a recorded picture are the person, how much, and in which colour without the screen's light.

`methods.keyer` makes a keyer; `preview.preview` tries one on a file.
"""
