"""What a client of `/v1/chat/completions` may send: the standard's request, as far as an avatar's brain can do it.

Unknown keys are let through, as the standard's clients send many that mean nothing here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.given import checked
from agent.memory import Memory
from agent.pictures import pictures
from agent.visitor import clean, printable
from visavis.errors import ClientError
from visavis.words import Picture

TEXT_LIMIT = 32_000
"""Characters of one message."""
MESSAGES = 512
NOT_DONE = {
    "tools": "functions of a client are not called here; declare tools in the dialog's file",
    "functions": "functions of a client are not called here; declare tools in the dialog's file",
    "audio": "sound comes from /v1/realtime",
    "logprobs": "there are no probabilities of tokens; leave it out",
}

TEXTS = ("text", "input_text", "output_text", "refusal")
PICTURES = ("image_url", "input_image")

Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(printable)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Address(_Lenient):
    """Where a picture is; only a `data:` address is taken."""

    url: str


class Part(_Lenient):
    """A piece of a message's content."""

    type: str
    text: Text = ""
    image_url: Address | str | None = None

    @property
    def address(self) -> str:
        """Where its picture is; empty for none."""
        return self.image_url.url if isinstance(self.image_url, Address) else self.image_url or ""


class Message(_Lenient):
    """One message; `system` and `developer` ones are let through and not obeyed: the dialog's file is."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    def words(self) -> str:
        """Its text. Raises ClientError for content of another kind."""
        if not isinstance(self.content, list):
            return self.content or ""
        for part in self.content:
            if part.type not in (*TEXTS, *PICTURES):
                problem = f"content of the type {part.type[:32]!r} is not taken; send text or image_url"
                raise ClientError("unsupported_content", problem, param="messages")
        return " ".join(part.text for part in self.content if part.type in TEXTS).strip()

    def pictures(self) -> tuple[Picture, ...]:
        """Its pictures. Raises ClientError for one that cannot be taken, or too many."""
        parts = self.content if isinstance(self.content, list) else []
        try:
            return pictures([part.address for part in parts if part.type in PICTURES])
        except ValueError as error:
            raise ClientError("invalid_value", str(error), param="messages") from error


class StreamOptions(_Lenient):
    include_usage: bool = False


class ChatRequest(_Lenient):
    """The body; `context` is ours: what the caller knows, for the templates of answers and for the model."""

    model: str = ""
    messages: list[Message] = Field(min_length=1, max_length=MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    n: Literal[1] | None = None
    seed: int | None = None
    context: Annotated[dict[str, Any], AfterValidator(checked)] = {}

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.messages[-1].role != "user":
            raise ValueError("the last message is not a user's; end with the question")
        return self

    @property
    def most(self) -> int | None:
        """The most units that the answer may have, where that is limited."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def question(self) -> str:
        """The words to answer. Raises ClientError where there are neither words nor a picture."""
        text = self.messages[-1].words()
        if not text.strip() and not self.pictures:
            raise ClientError("invalid_value", "the last message has no text; write the question", param="messages")
        return text

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures of the question. Raises ClientError."""
        return self.messages[-1].pictures()

    def remember(self) -> Memory:
        """The conversation before the question. Raises ClientError."""
        memory, turn = Memory(witnessed=False), 0
        for message in self.messages[:-1]:
            if message.role == "user":
                turn += 1
                memory.asked(turn, message.words())
            elif message.role == "assistant":
                memory.heard(turn, clean(message.words()).text)
        return memory


def parse(body: Any) -> ChatRequest:
    """The request of a parsed JSON body. Raises ClientError, which names the parameter."""
    if not isinstance(body, dict):
        raise ClientError("invalid_json", "the body is no JSON object; send a chat completion request")
    for key, remedy in NOT_DONE.items():
        if body.get(key):
            raise ClientError("unsupported_parameter", f"{key} is not supported: {remedy}", param=key)
    if _format(body) != "text":
        problem = "only plain text is answered; leave response_format out"
        raise ClientError("unsupported_parameter", problem, param="response_format")
    try:
        return ChatRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "messages"
        raise ClientError("invalid_value", f"{place}: {first['msg']}", param=place) from error


def _format(body: dict[str, Any]) -> object:
    wanted = body.get("response_format")
    return wanted.get("type", "text") if isinstance(wanted, dict) else wanted or "text"
