"""Image files as bytes, examined before a decoder sees them: one module for each kind that needs it.

Each refuses files that are too expensive to decode, and removes what pixels do not need, as far as the kind allows:
profiles, texts, previews, further frames. A decoder cannot stumble over what is not there.
"""

from collections.abc import Callable

from api.images.files import bmp, gif, jpeg, png
from api.images.files.stripped import Stripped

STRIP: dict[str, Callable[[bytes], Stripped]] = {
    "JPEG": jpeg.strip,
    "PNG": png.strip,
    "GIF": gif.strip,
    "BMP": bmp.strip,
    "WEBP": Stripped,
}
