"""A recorded person behind the renderer contract: footage played by the frame.

`playing` says which frames a moment shows, `reading` has any of them by its number, `renderer` puts them into the
picture. The lips are those of the footage.
"""

from avatars.renderers.recorded.renderer import RecordedRenderer

__all__ = ["RecordedRenderer"]
