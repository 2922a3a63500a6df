"""The file: MP4 with an ordinary transfer curve; MOV or WebM with alpha for what was keyed already."""

from __future__ import annotations

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

CODECS = ("h264", "hevc", "av1", "vp9", "vp8", "prores", "mpeg4", "qtrle", "png", "mjpeg", "webp", "dnxhd")


def find(film: Film) -> list[Found]:
    facts, whole = film.footage.facts, film.seconds
    found = []
    if facts.transfer != "sdr":
        found.append(Found("hdr", "error", 0.0, whole))
    if facts.codec not in CODECS:
        found.append(Found("codec", "warning", 0.0, whole))
    if facts.container == "picture":
        if not film.kind.photo:
            found.append(Found("no_video", "error", 0.0, whole))
    elif film.keyed:
        if not facts.alpha:
            found.append(Found("no_alpha", "error", 0.0, whole))
    elif facts.container != "mov" or facts.brand == "qt":
        found.append(Found("not_mp4", "error", 0.0, whole))
    return found
