"""What no software judges: a list to print and to tick off before and after recording."""

from __future__ import annotations

from typing import Final

_ALL = ("consent", "room", "clothes", "hair", "accessories", "expression", "gaze", "hands", "teeth", "sync")
_STUDIO = ("distance", "screen_flat", "see_through")
_MOTION = ("same_pose", "gestures")
CHECKLIST: Final[dict[str, tuple[str, ...]]] = {
    "standard": (*_ALL, *_STUDIO),
    "premium": (*_ALL, *_STUDIO, *_MOTION),
    "motion-editable": (*_ALL, *_STUDIO, *_MOTION),
    "quick": _ALL,
    "multi-scene": (*_ALL, *_STUDIO, *_MOTION),
    "portrait": ("consent", "hair", "accessories", "expression", "gaze"),
}
POINTS: Final = {
    "consent": (
        "The person has agreed in writing to an avatar that speaks in her likeness.",
        "本人已书面同意制作其数字人形象。",
    ),
    "room": (
        "Nothing moves behind the person: no screen, window, mirror or passer-by.",
        "背景没有动态内容：屏幕、窗户、镜子或路人。",
    ),
    "clothes": (
        "No narrow stripes or checks, nothing shiny, transparent or of the screen's colour; no high collar.",
        "服装无细条纹或密格，不反光、不透光、不与幕布同色，非高领。",
    ),
    "hair": (
        "Hair is fixed, does not swing and covers neither cheeks nor neck.",
        "发型固定不摆动，不遮挡脸颊和颈部，没有碎发。",
    ),
    "accessories": (
        "No dangling earrings; glasses neither mirror nor hide the eyes.",
        "无悬垂耳饰；眼镜不反光、不遮挡眼睛。",
    ),
    "expression": (
        "The expression is the one that the avatar shall have at work.",
        "表情与实际应用场景一致。",
    ),
    "gaze": (
        "The eyes rest in the lens and do not follow the lines of the teleprompter.",
        "目光看向镜头，没有随提词器移动。",
    ),
    "hands": (
        "Hands stay in the picture, below the shoulders, away from the face.",
        "双手始终在画面内，不高于肩膀，不遮挡面部。",
    ),
    "teeth": (
        "Speech is clear with full movements of the lips; no licking, coughing or laughing.",
        "吐字清晰、口型饱满；没有舔唇、咳嗽或大笑。",
    ),
    "sync": (
        "Sound and lips are together: clap once and compare at the end of the recording as well.",
        "音画同步：拍手检查，录制末尾也要确认。",
    ),
    "distance": (
        "The person stands two metres or more before the screen.",
        "模特与幕布相距至少 2 米。",
    ),
    "screen_flat": ("The screen is flat and has no folds.", "幕布平整，没有褶皱。"),
    "see_through": (
        "Nothing on the person is see-through: lenses, lace, thin hair.",
        "人物身上没有透出幕布颜色的物品：镜片、蕾丝等。",
    ),
    "same_pose": (
        "Each gesture begins and ends in the same resting pose.",
        "每个动作都从同一默认姿势开始并回到该姿势。",
    ),
    "gestures": (
        "Gestures are general, last about three seconds and lie eight to ten seconds apart.",
        "动作通用，约 3 秒一个，间隔 8 至 10 秒。",
    ),
}
"""Each point in English and in Chinese."""


def printed(kind: str, language: str = "en") -> str:
    """The list as plain text with boxes to tick."""
    at = int(language == "zh")
    title = ("What only you can judge", "需要人工确认的事项")[at]
    return "\n".join([f"{title} ({kind})", "", *(f"[ ] {POINTS[each][at]}" for each in CHECKLIST[kind])])
