"""The process that decodes a package's video as small grey pictures: frame after frame on standard output.

`python -m avatars.renderers.recorded.thumbs_child body.mp4 750`
"""

from __future__ import annotations

import sys
from pathlib import Path

import av

from avatars.packages.poses import SIZE
from avatars.renderers.recorded.reading import Reader
from visavis.confined import confine
from visavis.errors import VisavisError

MEMORY, CPU_S = 4 * 1024**3, 900


def main(path: Path, frames: int) -> int:
    """Write pictures of `SIZE`, a byte a pixel; what is wrong goes to standard error."""
    confine(MEMORY, CPU_S)
    try:
        reader = Reader(path, frames, SIZE, grey=True)
        for number in range(frames):
            sys.stdout.buffer.write(reader.frame(number).tobytes())
    except VisavisError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    av.logging.set_level(None)
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
