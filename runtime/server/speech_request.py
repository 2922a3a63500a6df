"""What a client of `/v1/audio/speech` may send: the standard's request, read into what a voice follows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from agent.sentences import speakable
from agent.visitor import printable
from visavis.engines import Style
from visavis.errors import ClientError
from visavis.ssml import words_of
from visavis.words import Emotion

INPUT = 4096
"""Characters of the text, as the standard has it."""
STANDARD = frozenset({
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse"
})  # fmt: skip
"""Voices that the standard's clients name because they must name one: the dialog's own, where no other is so called."""
MANNERS: dict[Emotion, tuple[str, ...]] = {
    Emotion.HAPPY: ("happy", "happi", "cheer", "joy", "excit", "smil", "高兴", "开心", "快乐", "欢快"),
    Emotion.SAD: ("sad", "griev", "mourn", "悲伤", "难过", "伤心"),
    Emotion.SURPRISED: ("surpris", "amaz", "astonish", "惊讶", "惊喜"),
    Emotion.SORRY: ("sorry", "apolog", "regret", "抱歉", "歉意", "道歉"),
    Emotion.CALM: ("calm", "sooth", "gentl", "relax", "平静", "温柔", "柔和", "舒缓"),
}
"""Beginnings of words in `instructions`, and the emotion that is meant."""

Format = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]


class _Voice(BaseModel):
    id: str = Field(max_length=64)


class SpeechRequest(BaseModel):
    """The body; unknown keys are let through."""

    model_config = ConfigDict(extra="ignore")

    model: str = ""
    input: Annotated[str, Field(max_length=INPUT), AfterValidator(printable)]
    voice: Annotated[str, Field(max_length=64)] | _Voice = ""
    instructions: str = Field(default="", max_length=INPUT)
    response_format: Format = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    stream_format: Literal["audio", "sse"] = "audio"

    @property
    def named(self) -> str:
        """The voice that is asked for; empty for the dialog's own."""
        name = self.voice.id if isinstance(self.voice, _Voice) else self.voice
        return "" if name in ("default", self.model) else name

    @property
    def style(self) -> Style:
        """The emotion of the instructions' first word that names one, and the speed."""
        words = self.instructions.lower()
        places = {
            emotion: min((at for each in beginnings if (at := words.find(each)) >= 0), default=-1)
            for emotion, beginnings in MANNERS.items()
        }
        found = {emotion: at for emotion, at in places.items() if at >= 0}
        return Style(min(found, key=lambda each: found[each]) if found else Emotion.NEUTRAL, rate=self.speed)


def parse(body: Any) -> SpeechRequest:
    """The request of a parsed JSON body. Raises ClientError, which names the parameter."""
    if not isinstance(body, dict):
        raise ClientError("invalid_json", "the body is no JSON object; send a speech request")
    try:
        asked = SpeechRequest.model_validate({key: value for key, value in body.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0]) if first["loc"] else "input"
        raise ClientError("invalid_value", f"{place}: {first['msg']}", param=place) from error
    if not speakable(words_of(asked.input)):
        raise ClientError("invalid_value", "input: there is nothing to say in it; give some words", param="input")
    return asked
