"""What every renderer must do: `check_renderer(lambda look: MyRenderer(folder, look))` in a test of your own.

An AssertionError says what the contract asks for. `make` is called many times and must return a fresh renderer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from visavis.engines import Look, Renderer
from visavis.words import RATE, SLOT, Emotion, Moment, Viseme

Make = Callable[[Look], Renderer]
Pixels = NDArray[np.uint8]
SHUT = 0.3
"""How much of the difference between an open and a resting mouth may be left while the lips are closed."""


def check_renderer(make: Make, look: Look | None = None) -> None:
    """Run every check with pictures of `look`, by default 540x960 with a background and a label."""
    look = look or Look()
    check_actions(make, look)
    check_fills_the_buffer(make, look)
    check_transparency(make, look)
    check_label(make, look)
    check_mouth(make, look)
    check_closure(make, look)
    check_emotions(make, look)
    check_any_moment(make, look)


def picture(renderer: Renderer, moment: Moment, look: Look, ground: int = 0) -> Pixels:
    """One picture in a buffer of its own."""
    out = np.full((look.height, look.width, 4), ground, np.uint8)
    renderer.draw(moment, out)
    return out


def difference(a: Pixels, b: Pixels) -> NDArray[np.int16]:
    """The largest difference of a channel, for each pixel."""
    found: NDArray[np.int16] = np.abs(a.astype(np.int16) - b).max(axis=2)
    return found


def saying(*shapes: tuple[int, Viseme]) -> tuple[tuple[int, Viseme], ...]:
    """Shapes by their start in milliseconds from the slot's first sample."""
    return tuple((ms * RATE // 1000, shape) for ms, shape in shapes)


def held(shape: Viseme) -> tuple[tuple[int, Viseme], ...]:
    """One shape through the whole window."""
    return saying((-250, shape), (300, shape))


def check_actions(make: Make, look: Look) -> None:
    """Actions have lengths, show themselves, and are over when they are over."""
    actions = make(look).actions
    assert actions, "actions is empty: it must hold at least `idle`"
    for name, length in actions.items():
        assert length > 0, f"the action {name!r} has the length {length}"
        rest = Moment(0)
        still = picture(make(look), rest, look)
        after = picture(make(look), replace(rest, actions=((name, length),)), look)
        assert np.array_equal(still, after), f"the action {name!r} goes on after its length"
        middles = [picture(make(look), replace(rest, actions=((name, length * k // 8),)), look) for k in (2, 4)]
        seen = name == "idle" or any(difference(still, each).max() > 40 for each in middles)
        assert seen, f"the action {name!r} cannot be seen"
    unknown = Moment(0, actions=(("no such action", 100),))
    assert np.array_equal(picture(make(look), unknown, look), picture(make(look), Moment(0), look)), (
        "an action that the renderer does not have must be ignored"
    )


def check_fills_the_buffer(make: Make, look: Look) -> None:
    """Nothing of what lay in a fresh buffer is left, and without `alpha` every pixel is opaque."""
    renderer = make(look)
    dark, bright = picture(renderer, Moment(0), look, 0), picture(renderer, Moment(0), look, 255)
    assert np.array_equal(dark, bright), "pixels of the buffer were left as they lay"
    if not look.alpha:
        assert dark[..., 3].min() == 255, "a picture with a background must be opaque"


def check_transparency(make: Make, look: Look) -> None:
    """With `alpha` the avatar stands on nothing."""
    clear = replace(look, alpha=True)
    alpha = picture(make(clear), Moment(0), clear)[..., 3]
    assert (alpha == 0).mean() > 0.02, "with alpha there must be transparent pixels"
    assert (alpha == 255).mean() > 0.1, "with alpha the avatar itself must be opaque"


def check_label(make: Make, look: Look) -> None:
    """The label is seen, and nothing ever covers it."""
    bare = replace(look, label="")
    at_rest = picture(make(look), Moment(0), look)
    where = difference(at_rest, picture(make(bare), Moment(0), bare)) > 60
    assert where.sum() > 40, "the label cannot be seen"
    renderer = make(look)
    for name, length in renderer.actions.items():
        shown = picture(renderer, Moment(0, mood="speaking", actions=((name, length // 2),)), look)
        assert difference(shown, at_rest)[where].max() <= 8, f"the label is covered or changes during {name!r}"


def check_mouth(make: Make, look: Look) -> None:
    """The mouth shapes differ, and silence looks like no speech at all."""
    shown = {shape: picture(make(look), Moment(0, visemes=held(shape)), look) for shape in Viseme}
    rest = picture(make(look), Moment(0), look)
    mouth = difference(rest, shown[Viseme.AA]) > 40
    assert mouth.any(), "an open mouth cannot be seen"
    assert difference(rest, shown[Viseme.SIL])[mouth].mean() < 10, (
        "a silent mouth must look like one that does not speak"
    )
    different: list[Pixels] = []
    for each in shown.values():
        if all(difference(each, other).max() > 30 for other in different):
            different.append(each)
    assert len(different) >= 8, f"only {len(different)} mouth shapes can be told apart"


def check_closure(make: Make, look: Look) -> None:
    """Lips close for /p b m/ between open vowels, however short it is."""
    rest = picture(make(look), Moment(0), look)
    wide = picture(make(look), Moment(0, visemes=held(Viseme.AA)), look)
    mouth = difference(rest, wide) > 40
    assert mouth.any(), "an open mouth cannot be seen"
    open_ = float(difference(rest, wide)[mouth].mean())
    for length in (60, 90, 140):
        renderer, least = make(look), 1.0
        for slot in range(12):
            begin = 200 - slot * 40
            said = saying((begin - 300, Viseme.AA), (begin, Viseme.PP), (begin + length, Viseme.AA))
            now = picture(renderer, Moment(slot * SLOT, visemes=said), look)
            still = picture(make(look), Moment(slot * SLOT), look)
            least = min(least, float(difference(now, still)[mouth].mean()) / open_)
        assert least < SHUT, f"for a closure of {length} ms the lips stay open by {least:.0%}"


def check_emotions(make: Make, look: Look) -> None:
    """Every emotion can be seen, and intensity counts."""
    neutral = picture(make(look), Moment(0), look)
    for emotion in Emotion:
        if emotion is not Emotion.NEUTRAL:
            shown = picture(make(look), Moment(0, emotion=emotion), look)
            assert difference(shown, neutral).max() > 40, f"{emotion.value} looks neutral"
    faint = picture(make(look), Moment(0, emotion=Emotion.HAPPY, intensity=0.0), look)
    assert np.array_equal(faint, neutral), "an emotion of intensity 0 must look neutral"


def check_any_moment(make: Make, look: Look) -> None:
    """A restart draws the same, and a jump in time draws what a restart would."""
    far = Moment(90 * RATE, 2, "speaking", Emotion.HAPPY, 1.0, held(Viseme.E))
    cold = picture(make(look), far, look)
    assert np.array_equal(cold, picture(make(look), far, look)), "two fresh renderers draw one moment differently"
    renderer = make(look)
    out = np.zeros((look.height, look.width, 4), np.uint8)
    for slot in range(5):
        renderer.draw(Moment(slot * SLOT, mood="listening"), out)
    for slot in range(26):
        last = replace(far, pts=far.pts + slot * SLOT)
        renderer.draw(last, out)
    apart = float(difference(out, picture(make(look), last, look)).mean())
    assert apart < 1.0, f"a second after a jump the picture is still {apart:.1f} away from a fresh renderer's"
