"""The program that decodes one HEIC or AVIF and ends; `isolated.py` starts it.

    python -I -B decoder_process.py HEIF|AVIF MEMORY_BYTES CPU_SECONDS <FILE >PIXELS

It limits itself, and writes a line for each step: `size WIDTH HEIGHT` as soon as the header is read, and `pixels WIDTH
HEIGHT MODE ORIENTATION` (Pillow's mode, EXIF's orientation) before the rows, with no gaps; or `failed REASON`. It
imports nothing of this project, and next to nothing of Pillow: its start is part of the answer's time.
"""

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

# Measured on two cores: a second one makes neither decoder quicker.
THREADS = 1
# What the two decoders raise for broken files; libheif and libavif say most of it by RuntimeError.
BROKEN = (OSError, EOFError, SyntaxError, ValueError, RuntimeError)
Step = tuple[str, Any]  # what to say, and the pixels if there are any


def main() -> None:
    """Decode standard input."""
    kind, memory, cpu_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(resource.RLIMIT_DATA, memory)  # what it may write to; libraries and their text are not counted
    _limit(resource.RLIMIT_CPU, cpu_s, cpu_s + 1)  # SIGXCPU, which says why; only then SIGKILL
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    decode = {"AVIF": _decode_avif, "HEIF": _decode_heif}[kind]
    for line, pixels in _catch(decode):
        sys.stdout.buffer.write(line.encode("ascii") + b"\n")
        if pixels is not None:
            sys.stdout.buffer.write(pixels)
        sys.stdout.buffer.flush()


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    with suppress(ValueError, OSError):  # macOS knows some of these limits by name only
        resource.setrlimit(what, (soft, soft if hard is None else hard))


def _catch(decode: Callable[[bytes], Iterator[Step]]) -> Iterator[Step]:
    """Yield a decoder's steps; if it fails, the last one says why."""
    try:
        yield from decode(sys.stdin.buffer.read())
    except ImportError:
        raise
    except MemoryError:
        yield "failed memory", None
    except BROKEN as error:
        # libavif says "Out of memory", libheif "Memory allocation error".
        yield ("failed memory" if "memory" in str(error).lower() else "failed damaged"), None
    except Exception as error:  # noqa: BLE001  # other mistakes of a decoder, for the log
        yield f"failed {type(error).__name__}", None


def _decode_avif(data: bytes) -> Iterator[Step]:
    """Decode the first frame with the module under Pillow's plugin, which copies neither planes nor RGB.

    That takes 195 MB for 25 megapixels; the plugin takes 230 MB. It also says what the boxes `irot` and `imir` do.
    """
    from PIL import _avif

    decoder = _avif.AvifDecoder(data, "auto", THREADS)
    (width, height), _, mode, _, _, orientation, _ = decoder.get_info()
    yield f"size {width} {height}", None
    pixels = decoder.get_frame(0)[0]
    del decoder  # and with it the planes
    yield f"pixels {width} {height} {mode} {orientation}", pixels


def _decode_heif(data: bytes) -> Iterator[Step]:
    """Decode the primary image; libheif applies `irot`, `imir` and `clap` itself."""
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = THREADS
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
    image = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    if not len(image):
        raise ValueError("no picture")
    yield "size {} {}".format(*image.size), None
    pixels = image.data  # its size may be another than the one said before
    yield "pixels {} {} {} 1".format(*image.size, image.mode), pixels


if __name__ == "__main__":
    main()
