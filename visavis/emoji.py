"""What emoji tell of a feeling. Emoji are pictures: they are felt and never read aloud."""

from __future__ import annotations

import re

from visavis.words import Emotion

_FACES: dict[Emotion, str] = {
    Emotion.HAPPY: "😀😃😄😁😆😂🤣😊🙂😉😍🥰😘😋😎🤗🤩🥳😇😺😸😻👍👏🙌🎉🎊💖💕💗💓💛💚💙💜🧡❤♥☺🌹🌸✨🥂💐💪🤝🙏😹",
    Emotion.SAD: "😢😭😞😔🙁☹😿💔😥😪🥺😟😩😫",
    Emotion.SURPRISED: "😮😲😯😱🤯😳🙀😦😧",
    Emotion.SORRY: "🙇😓😣😖🤦",
    Emotion.CALM: "😌🧘🤔😐😑😶😠😡🤬😤😒🙄👿💢👎",
}
"""Anger is no feeling of an avatar: it stands among those that are shown as calm."""
ANGRY = frozenset("😠😡🤬😤😒🙄👿💢👎")
_MEANT = {character: emotion for emotion, characters in _FACES.items() for character in characters}
_ANY = re.compile(f"[{''.join(_MEANT)}]")


def felt(text: str) -> Emotion | None:
    """The feeling of the last emoji of `text` that has one."""
    found = _ANY.findall(text)
    return _MEANT[found[-1]] if found else None


def angry(text: str) -> bool:
    """Whether an emoji of `text` is angry."""
    return not ANGRY.isdisjoint(text)
