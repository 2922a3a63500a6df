"""The worker's side of enrolment: decode, inspect, compare voices. Hours of sound never touch the event loop."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.clip import clip_of, wav_bytes
from avatars.voices.enrol.decode import decoded
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.inspect import Take, inspected, take_of
from avatars.voices.enrol.inspect.amount import AMOUNTS, ProfileName
from avatars.voices.enrol.inspect.take import Embed
from avatars.voices.enrol.sound import Recording
from avatars.voices.enrol.store import PROFILE
from avatars.voices.profile import profile_of
from avatars.voices.speaker import SAME_SPEAKER
from avatars.voices.speaker.encoder import SpeakerEncoder, similarity, weights
from avatars.voices.speaker.network import Network
from visavis.engines import Message
from visavis.errors import EngineError, SetupError
from visavis.signal import resample
from visavis.vad import VAD_RATE
from visavis.words import RATE, Pcm

log = logging.getLogger(__name__)

CONSENT_S = 120.0
"""How long the authorisation may last."""
NARROW, CONSENT = "narrow.wav", "consent-16k.wav"


class EnrolService:
    """Option: `cache`, where the speaker network's weights are kept. One task at a time.

    `append` takes {folder, profile, recordings: [[file, name]], consent: [file, name]} and answers {stage, share} on
    the way; in the end {result}: JSON with `inspection`, `similarity`, `threshold`, `embedding`, `gender` and `speech`,
    while the clip and what a recogniser has to hear lie in the folder; or {fault: [code, problem, remedy, where]}.
    """

    capacity = 1
    patience_s = 600.0

    def __init__(self, cache: str) -> None:
        self._embed = embedder(Path(cache))

    def open(self, stream: int, message: Message) -> Message:
        return {"speakers": self._embed is not None}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        try:
            emit({"result": json.dumps(self._work(message, emit))})
        except EnrolError as error:
            emit({"fault": [error.code, error.problem, error.remedy, error.where]})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        """Nothing is left to be told."""

    def cancel(self, stream: int) -> None:
        """Nothing is kept of a stream."""

    def _work(self, message: Message, emit: Callable[[Message], bool]) -> dict[str, object]:
        folder, profile = Path(message["folder"]), message["profile"]
        recordings = _recordings(folder, message["recordings"], profile, emit)
        take = take_of(recordings, lambda share: emit({"stage": "inspection", "share": 0.2 * share}))
        inspection = inspected(
            take, profile, self._embed, done=lambda share: emit({"stage": "inspection", "share": 0.2 + 0.8 * share})
        )
        (folder / "clip.wav").write_bytes(wav_bytes(clip := clip_of(take, inspection)))
        (folder / NARROW).write_bytes(wav_bytes(take.narrow, VAD_RATE))
        _profile(take, clip, folder / PROFILE)
        emit({"stage": "consent", "share": 0.0})
        kept, name = message["consent"]
        consent = resample(decoded(folder / kept, name, longest_s=CONSENT_S).pcm, RATE, VAD_RATE)
        (folder / CONSENT).write_bytes(wav_bytes(consent, VAD_RATE))
        training = self._voice_of(resample(clip, RATE, VAD_RATE), "the recordings")
        alike = similarity(training, self._voice_of(consent, name)) if len(training) else 0.0
        return {
            "inspection": inspection.model_dump(),
            "similarity": alike,
            "threshold": SAME_SPEAKER,
            "embedding": [round(float(each), 6) for each in training],
            "gender": gender_of(take),
            "speech": take.speech,
        }

    def _voice_of(self, pcm: NDArray[np.int16], where: str) -> NDArray[np.float32]:
        if self._embed is None:
            problem = "nothing here can tell speakers apart, so no consent can be checked"
            raise EnrolError("unsupported", problem, "run `make setup`", where="consent")
        try:
            return self._embed(pcm)
        except EngineError as error:
            raise EnrolError("invalid", error.problem, "record at least ten seconds of speech", where=where) from error


def embedder(cache: Path) -> Embed | None:
    """Tells speakers apart, in the caller's thread; None where the weights are not installed."""
    try:
        return SpeakerEncoder(Network(weights(cache))).embed_now
    except SetupError:
        return None


def _recordings(
    folder: Path, files: list[list[str]], profile: ProfileName, emit: Callable[[Message], bool]
) -> list[Recording]:
    """Every file, as long as all together last no longer than the profile takes."""
    left, found = AMOUNTS[profile].file_s, list[Recording]()
    for index, (kept, name) in enumerate(files):
        emit({"stage": "material", "share": index / len(files)})
        taken = {each.name for each in found}
        each = decoded(folder / kept, name if name not in taken else f"{index + 1}-{name}", longest_s=left)
        left = max(1.0, left - each.seconds)
        found.append(each)
    return found


def _profile(take: Take, clip: Pcm, path: Path) -> None:
    """Keep what another voice is brought near it by; a clip that hums too little has none."""
    rate = min([RATE, *(each.source.rate for each in take.recordings)])
    try:
        profile_of(resample(clip, RATE, rate), rate).save(path)
    except EngineError as error:
        log.warning("no profile: %s", error)


def gender_of(take: Take) -> int:
    """1 for a low voice, 2 for a high one, by the median of its pitch; 0 where it cannot be told."""
    periods = [each for each in _periods(take) if each]
    if len(periods) < 20:
        return 0
    hertz = VAD_RATE / float(np.median(periods))
    return 1 if hertz < 155 else 2 if hertz > 170 else 0


def _periods(take: Take) -> list[int]:
    """The lag of the autocorrelation's peak in 400 moments of speech; 0 where it is faint."""
    frame, low, high = 1024, VAD_RATE // 400, VAD_RATE // 60
    spans = [at for a, b in take.speech for at in range(round(a * VAD_RATE), round(b * VAD_RATE) - frame, frame)]
    found = []
    for at in spans[:: max(1, len(spans) // 400)]:
        sound = take.narrow[at : at + frame].astype(np.float32)
        if len(sound) < frame:
            continue
        spectrum = np.abs(np.fft.rfft(sound - sound.mean(), 2 * frame)) ** 2
        alike = np.fft.irfft(spectrum)[:high]
        lag = low + int(np.argmax(alike[low:high]))
        found.append(lag if alike[0] > 0 and alike[lag] > 0.5 * alike[0] else 0)
    return found
