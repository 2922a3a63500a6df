"""Whose voice is it? A clip becomes a point, and two clips of one person lie close together.

    encoder = await SpeakerEncoder.open(cache)
    similarity(await encoder.embed(consent), await encoder.embed(training)) >= SAME_SPEAKER

The network is Resemblyzer's (GE2E: Wan et al., "Generalized end-to-end loss for speaker verification", 2018), run by
numpy alone.
"""

from avatars.voices.speaker.encoder import NEEDED_S, SAME_SPEAKER, Embedding, SpeakerEncoder, similarity

__all__ = ["NEEDED_S", "SAME_SPEAKER", "Embedding", "SpeakerEncoder", "similarity"]
