"""The words that BML documents have for gestures, places and feelings, and what they are here."""

from __future__ import annotations

from visavis.words import ACTIONS, Emotion

GESTURES: dict[str, str] = {name: name for name in ACTIONS if name not in ("idle", "nod", "shake")} | {
    "greet": "wave", "greeting": "wave", "hello": "wave", "goodbye": "wave", "beat": "emphasis_right",
    "beat_right": "emphasis_right", "beat_left": "emphasis_left", "beat_both": "emphasis_both", "point": "index",
    "pointing": "index", "present": "present_right", "you": "forward_right", "offer": "forward_right",
    "welcome": "welcome_both", "thumbup": "thumbs_up", "sweep": "palm_sweep", "shrug": "spread_both",
}  # fmt: skip
HEADS: dict[str, str] = {"nod": "nod", "shake": "shake"}
GAZES: dict[str, str] = {
    "visitor": "visitor", "user": "visitor", "camera": "visitor", "you": "visitor", "away": "away", "aside": "aside",
}  # fmt: skip
FACES: dict[str, str] = {emotion.value: emotion.value for emotion in Emotion} | {
    "joy": "happy", "happiness": "happy", "smile": "happy", "sadness": "sad", "frown": "sad", "surprise": "surprised",
    "regret": "sorry", "apologetic": "sorry", "relaxed": "calm", "rest": "neutral",
}  # fmt: skip
