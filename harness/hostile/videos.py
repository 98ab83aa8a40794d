"""Hostile videos: cut off, damaged, lying, endless, bombs, and what is no video at all.

`python -m harness.hostile.videos FOLDER` writes them, to look at or to send by hand.
"""

import io
import random
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av

from harness.hostile import heif
from harness.pictures import encode, make_upright
from harness.videos import KINDS, make_sound, make_video, moving_square, quadrants

WHOLE, PARTIAL, REFUSED, UNSUPPORTED, TOO_LARGE = "whole", "partial", "refused", "unsupported", "too large"
ANY = (WHOLE, PARTIAL, REFUSED)
SHARES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
FRONT = {"movflags": "faststart"}
NEIGHBOUR = "neighbour.mp4"  # a good video that lies beside each hostile one
TIMESCALE, DURATION = 12, 16  # in `mvhd` and `mdhd`, after the name of the box
BOMB_SIDE = 8192


@dataclass(frozen=True, slots=True)
class VideoCase:
    """A file that is made when it is asked for: some are large. `outcomes` are what may come of it."""

    name: str
    make: Callable[[], bytes]
    outcomes: tuple[str, ...]


def make_corpus() -> Iterator[VideoCase]:
    """Give every case; the same ones each time."""
    yield from _cut_off()
    yield from _damaged()
    yield from _lies_of_mp4()
    yield from _lies_of_matroska()
    yield from _lies_of_avi()
    yield from _times()
    yield from _bombs()
    yield from _crowds()
    yield from _without_pictures()
    yield from _texts()
    yield from _other_kinds()


@cache
def _seeds() -> dict[str, bytes]:
    """Return a good file of each kind, and an MP4 with its index at the front."""
    front = make_video(moving_square(30), file_options=FRONT, g="12")
    return {kind: quadrants(kind) for kind in KINDS} | {"MP4 with its index in front": front}


def _cut_off() -> Iterator[VideoCase]:
    for kind in ("H.264 in MP4", "MP4 with its index in front", "H.264 in MKV", "VP9 in WebM", "MPEG-4 in AVI"):
        for share in SHARES:
            yield VideoCase(f"{kind} cut at {share:.0%}", lambda k=kind, s=share: _cut(_seeds()[k], s), ANY)


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _damaged() -> Iterator[VideoCase]:
    for number, kind in enumerate((*KINDS, "MP4 with its index in front")):
        for count in (1, 4, 20, 100):
            yield VideoCase(
                f"{kind} with {count} bytes changed",
                lambda k=kind, c=count, n=number: flip(_seeds()[k], c, f"{n}:{c}"),
                (*ANY, UNSUPPORTED),
            )
        yield VideoCase(f"{kind} with a hole", lambda k=kind: _hole(_seeds()[k]), ANY)
        yield VideoCase(f"{kind} twice in one file", lambda k=kind: _seeds()[k] * 2, ANY)


def flip(data: bytes, count: int, seed: str) -> bytes:
    """Return the file with bytes changed, anywhere but among the first, which say what kind it is."""
    dice, damaged = random.Random(seed), bytearray(data)
    for _ in range(count):
        damaged[dice.randrange(12, len(data))] = dice.randrange(256)
    return bytes(damaged)


def _hole(data: bytes) -> bytes:
    third = len(data) // 3
    return data[:third] + bytes(third) + data[2 * third :]


def patched(data: bytes, name: bytes, offset: int, new: bytes) -> bytes:
    """Return the file with other bytes so far behind the last name of a box."""
    place = data.rindex(name) + len(name) + offset
    return data[:place] + new + data[place + len(new) :]


def _lies_of_mp4() -> Iterator[VideoCase]:
    plain = _seeds()["H.264 in MP4"]

    def lie(name: str, box: bytes, offset: int, new: bytes, outcomes: tuple[str, ...] = ANY) -> VideoCase:
        return VideoCase(f"MP4 {name}", lambda: patched(plain, box, offset, new), outcomes)

    for number in (0, 1, 2**31, 2**32 - 1):
        word = struct.pack(">I", number)
        yield lie(f"whose clock ticks {number} times a second", b"mdhd", TIMESCALE, word)
        yield lie(f"that claims {number} ticks", b"mvhd", DURATION, word)
        yield lie(f"whose track claims {number} ticks", b"mdhd", DURATION, word)
        yield lie(f"with {number} times", b"stts", 4, word)
        yield lie(f"whose frames take {number} ticks", b"stts", 12, word)
        yield lie(f"with {number} samples", b"stsz", 8, word)
        yield lie(f"with samples of {number} bytes", b"stsz", 12, word)
        yield lie(f"whose samples begin at {number}", b"stco", 8, word)
        yield lie(f"with {number} chunks", b"stco", 4, word)
        yield lie(f"with {number} descriptions", b"stsd", 4, word)
    for side in (0, 1, 4097, 65_535):
        yield lie(f"that claims {side} x {side}", b"avc1", 24, struct.pack(">HH", side, side))
    for box in (b"moov", b"trak", b"stbl", b"mdat", b"avcC"):
        for size in (0, 1, 7, 2**32 - 1):
            yield lie(f"whose {box.decode()} has length {size}", box, -8, struct.pack(">I", size))
    yield lie("of an unknown codec", b"avc1", -4, b"zzzz", (REFUSED,))
    yield lie("that says it is ProRes", b"avc1", -4, b"apch", (REFUSED,))
    yield VideoCase("MP4 whose boxes lie in each other", lambda: plain[:32] + _nested(5000), (REFUSED,))
    yield VideoCase("MP4 with 1,000,000 boxes", lambda: plain + b"\0\0\0\x08skip" * 1_000_000, (WHOLE,))
    yield VideoCase("MP4 with a packed index that grows to 900 MB", _packed_index, (REFUSED,))
    yield VideoCase("MP4 that points to another file", lambda: _elsewhere(plain), ANY)


def _nested(depth: int) -> bytes:
    boxes = b""
    for _ in range(depth):
        boxes = struct.pack(">I", len(boxes) + 8) + b"moov" + boxes
    return boxes


def _packed_index() -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(9_000_000)) for _ in range(100)) + packer.flush()
    method = heif.box(b"dcom", b"zlib")
    content = heif.box(b"cmvd", struct.pack(">I", 900_000_000), packed)
    return heif.box(b"ftyp", b"qt  ", bytes(4)) + heif.box(b"moov", heif.box(b"cmov", method, content))


def _elsewhere(plain: bytes) -> bytes:
    """Return the file with a data reference that names its neighbour, as QuickTime's aliases do."""
    name = NEIGHBOUR.encode()
    alias = bytes(150) + struct.pack(">hH", 2, len(name)) + name + struct.pack(">hH", -1, 0)
    place = plain.rindex(b"url ") - 4
    new = heif.full_box(b"alis", alias)
    longer = plain[:place] + new + plain[place + 12 :]
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        (length,) = struct.unpack_from(">I", longer, longer.rindex(box) - 4)
        longer = patched(longer, box, -8, struct.pack(">I", length + len(new) - 12))
    return longer


def _lies_of_matroska() -> Iterator[VideoCase]:
    plain = _seeds()["H.264 in MKV"]
    for seconds in (0.0, -1.0, 601.0, 1e9, 1e300, float("inf"), float("nan")):
        milliseconds = struct.pack(">d", seconds * 1000)
        yield VideoCase(
            f"MKV that claims {seconds:g} s", lambda m=milliseconds: patched(plain, b"\x44\x89\x88", 0, m), ANY
        )
    for side in (0, 4097, 65_535):
        yield VideoCase(f"MKV that claims to be {side} wide", lambda s=side: _mkv_width(plain, s), ANY)
    yield VideoCase("MKV whose clock is 0", lambda: patched(plain, b"\x2a\xd7\xb1\x83", 0, bytes(3)), ANY)
    yield VideoCase("MKV whose clock ticks slowly", lambda: patched(plain, b"\x2a\xd7\xb1\x83", 0, b"\xff" * 3), ANY)
    yield VideoCase("MKV with 1,000,000 empty elements", lambda: plain + b"\xec\x80" * 1_000_000, ANY)
    yield VideoCase("MKV of noise", lambda: plain[:60] + random.Random(3).randbytes(100_000), ANY)
    yield VideoCase("MKV of an endless element", lambda: plain[:4] + b"\x01" + b"\xff" * 7 + plain[5:], ANY)


def _mkv_width(plain: bytes, side: int) -> bytes:
    return patched(plain, b"\xb0", 0, b"\x83" + struct.pack(">I", side)[1:])


def _lies_of_avi() -> Iterator[VideoCase]:
    plain = _seeds()["MPEG-4 in AVI"]
    for number in (0, 1, 2**31 - 1, 2**32 - 1):
        word = struct.pack("<I", number)
        for what, name, offset in (
            ("whose frames take {} µs", b"avih", 4),
            ("that claims {} frames", b"avih", 20),
            ("that claims {} streams", b"avih", 28),
            ("whose rate is {}", b"strh", 28),
            ("whose scale is {}", b"strh", 24),
            ("whose stream has {} frames", b"strh", 36),
            ("that claims to be {} wide", b"strf", 8),
            ("whose list has length {}", b"movi", -8),
        ):
            yield VideoCase(f"AVI {what.format(number)}", lambda n=name, o=offset, w=word: patched(plain, n, o, w), ANY)


def _times() -> Iterator[VideoCase]:
    pictures = moving_square(10, 32, 64)
    for name, times_s, outcomes in (
        ("a jump of a year", [*range(9), 31_536_000.0], (REFUSED,)),
        ("a frame each 70 seconds", [70.0 * number for number in range(10)], (REFUSED,)),
        ("a beginning after ten hours", [36_000 + number / 25 for number in range(10)], ANY),
        ("all frames in 9 ms", [number / 1000 for number in range(10)], ANY),
    ):
        yield VideoCase(f"MKV with {name}", lambda t=times_s: make_video(pictures, "H.264 in MKV", times_s=t), outcomes)
    yield VideoCase(
        "MP4 of 700 seconds", lambda: make_video(pictures, times_s=[78.0 * n for n in range(10)]), (REFUSED,)
    )
    yield VideoCase("MP4 of 1000 frames a second", lambda: make_video(moving_square(2000, 16, 16), fps=1000), (WHOLE,))


def _bombs() -> Iterator[VideoCase]:
    for kind in ("H.264 in MP4", "HEVC in MP4", "VP9 in WebM", "AV1 in MP4"):
        yield VideoCase(f"{kind} of 8192 x 8192", lambda k=kind: bomb(k), (REFUSED,))
    yield VideoCase(
        "H.264 of 8192 x 8192 that claims 64 x 64",
        lambda: patched(bomb(), b"avc1", 24, struct.pack(">HH", 64, 64)),
        (REFUSED,),
    )
    yield VideoCase("H.264 of 4096 x 4096", lambda: bomb(side=4096), (WHOLE,))
    yield VideoCase("VP9 of 4096 x 4096", lambda: bomb("VP9 in WebM", side=4096), (WHOLE,))
    yield VideoCase("H.264 of 64 x 64 that grows to 8192 x 8192", _growing, (PARTIAL,))
    yield VideoCase("H.264 of 4098 x 16", lambda: bomb(width=4098, side=16), (REFUSED,))
    yield VideoCase("MKV with a packed frame that grows to 900 MB", _packed_frame, ANY)


@cache
def bomb(kind: str = "H.264 in MP4", *, side: int = BOMB_SIDE, width: int = 0) -> bytes:
    """Return a video of large pictures, of one colour and few bytes."""
    return make_video([_one_colour(width or side, side) for _ in range(3 if "HEVC" in kind else 1)], kind)


def _one_colour(width: int, height: int) -> av.VideoFrame:
    """Return a picture as coders keep it, which takes a fraction of the time that RGB does."""
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    return frame


def _growing() -> bytes:
    """Return a file whose stream changes its size in the middle: packets of two, under the header of the first."""
    small = make_video(moving_square(20, 64, 64), "H.264 in MKV", g="5", **{"x264-params": "repeat-headers=1"})
    file = io.BytesIO()
    with av.open(io.BytesIO(small)) as first, av.open(file, "w", format="matroska") as out:
        stream = out.add_stream_from_template(first.streams.video[0])
        for packet in first.demux(video=0):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
        grown = make_video([_one_colour(BOMB_SIDE, BOMB_SIDE)], "H.264 in MKV", **{"x264-params": "repeat-headers=1"})
        with av.open(io.BytesIO(grown)) as second:
            for number, packet in enumerate(second.demux(video=0)):
                if packet.size:
                    packet.stream = stream
                    packet.pts = packet.dts = 1000 + 40 * number
                    out.mux(packet)
    return file.getvalue()


def _packed_frame() -> bytes:
    """Return a file whose track says that its blocks are packed by zlib, with one that grows."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(9_000_000)) for _ in range(100)) + packer.flush()
    compression = _element(0x6D80, _element(0x6240, _element(0x5034, _element(0x4254, b"\0"))))
    video = _element(0xE0, _element(0xB0, b"\x40") + _element(0xBA, b"\x40"))
    track = _element(0xD7, b"\1") + _element(0x73C5, b"\1") + _element(0x83, b"\1") + _element(0x86, b"V_VP9")
    return _matroska(_element(0xAE, track + video + compression), b"\x81\0\0\x80" + packed)


def _matroska(tracks: bytes, block: bytes = b"\x81\0\0\x80\0") -> bytes:
    """Return a Matroska file (RFC 9559) of these tracks and one block."""
    head = _element(0x1A45DFA3, _element(0x4282, b"webm"))
    info = _element(0x1549A966, _element(0x2AD7B1, b"\x0f\x42\x40"))
    cluster = _element(0x1F43B675, _element(0xE7, b"\0") + _element(0xA3, block))
    return head + _element(0x18538067, info + _element(0x1654AE6B, tracks) + cluster)


def _element(name: int, content: bytes) -> bytes:
    """Return an element of EBML (RFC 8794)."""
    return name.to_bytes((name.bit_length() + 7) // 8) + struct.pack(">Q", 1 << 56 | len(content)) + content


def _crowds() -> Iterator[VideoCase]:
    for count in (100, 10_000):
        yield VideoCase(f"MP4 of {count:,} streams", lambda c=count: _many_tracks(c), (REFUSED,))
        yield VideoCase(f"MKV of {count:,} streams", lambda c=count: _many_matroska_tracks(c), (REFUSED,))
        yield VideoCase(f"AVI of {count:,} streams", lambda c=count: _many_avi_streams(c), (REFUSED,))
    yield VideoCase("MP4 of 2,000,000 samples of nothing", _many_samples, ANY)
    yield VideoCase("MP4 with a title of 20 MB", _long_title, ANY)
    yield VideoCase("201 MB", lambda: quadrants() + bytes(201_000_000), (TOO_LARGE,))
    yield VideoCase("199 MB, nearly all of it nothing", lambda: quadrants() + bytes(199_000_000), ANY)


def _with_moov(plain: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return an MP4 whose index comes last with another content of its box `moov`."""
    place = plain.rindex(b"moov") - 4
    return plain[:place] + heif.box(b"moov", change(plain[place + 8 :]))


def _many_tracks(count: int) -> bytes:
    def repeat(content: bytes) -> bytes:
        place = content.index(b"trak") - 4
        (length,) = struct.unpack_from(">I", content, place)
        return content[:place] + content[place : place + length] * count + content[place + length :]

    return _with_moov(quadrants(), repeat)


def _many_matroska_tracks(count: int) -> bytes:
    video = _element(0xE0, _element(0xB0, b"\x40") + _element(0xBA, b"\x40"))
    track = _element(0x83, b"\1") + _element(0x86, b"V_VP9") + video
    numbered = (_element(0xAE, _element(0xD7, struct.pack(">H", n + 1)) + track) for n in range(count))
    return _matroska(b"".join(numbered))


def _many_avi_streams(count: int) -> bytes:
    plain = _seeds()["MPEG-4 in AVI"]
    place = plain.index(b"strl") - 8
    length = 8 + struct.unpack_from("<I", plain, place + 4)[0]
    return plain[:place] + plain[place : place + length] * count + plain[place + length :]


def _many_samples() -> bytes:
    samples = 2_000_000
    plain = quadrants()
    plain = patched(plain, b"stts", 8, struct.pack(">I", samples))
    plain = patched(plain, b"stsz", 4, struct.pack(">II", 1, samples))
    return patched(plain, b"stsc", 12, struct.pack(">I", samples)) + bytes(samples)


def _long_title() -> bytes:
    text = heif.box(b"\xa9nam", struct.pack(">HH", 0xFFFF, 0), b"a" * 20_000_000)
    return _with_moov(quadrants(), lambda content: content + heif.box(b"udta", text))


def _without_pictures() -> Iterator[VideoCase]:
    yield VideoCase("MP4 with sound only", make_sound, (REFUSED,))
    yield VideoCase("WebM with sound only", lambda: make_sound("webm", "libopus"), (REFUSED,))
    yield VideoCase("MP4 without frames", lambda: patched(quadrants(), b"stsz", 8, bytes(4)), (REFUSED,))
    yield VideoCase("MP4 of a header only", lambda: quadrants()[:32], (REFUSED,))
    yield VideoCase("WebM of a header only", lambda: quadrants("VP9 in WebM")[:200], (REFUSED,))
    yield VideoCase("MKV without tracks", lambda: _matroska(b""), (REFUSED,))
    yield VideoCase("AVI of a header only", lambda: quadrants("MPEG-4 in AVI")[:300], (REFUSED,))
    yield VideoCase("MP4 of noise", lambda: quadrants()[:40] + random.Random(4).randbytes(100_000), (REFUSED,))


def _texts() -> Iterator[VideoCase]:
    """Give what other programs take for a list of further files."""
    for name, text in {
        "ffconcat that reads its neighbour": f"ffconcat version 1.0\nfile '{NEIGHBOUR}'\n",
        "ffconcat that reads a file of the system": "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "ffconcat that asks a server": "ffconcat version 1.0\nfile 'http://127.0.0.1:9/a.mp4'\n",
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{NEIGHBOUR}\n#EXT-X-ENDLIST\n",
        "playlist of the system": "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "description of a session": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        "manifest": '<?xml version="1.0"?><MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>',
        "subtitles": "1\n00:00:00,000 --> 00:00:01,000\nwords\n",
        "script": "#!/bin/sh\nexit 1\n",
        "one letter": "a",
    }.items():
        yield VideoCase(f"text: {name}", text.encode, (UNSUPPORTED,))
    yield VideoCase("nothing", bytes, (UNSUPPORTED,))


def _other_kinds() -> Iterator[VideoCase]:
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "HEIF", "AVIF", "TIFF"):
        yield VideoCase(f"{kind} under another name", lambda k=kind: encode(make_upright(64, 64), k), (UNSUPPORTED,))
    yield VideoCase("AVIF that moves", lambda: heif.moving((64, 64)), (UNSUPPORTED,))
    for name, data in {
        "PDF": b"%PDF-1.7\n", "ZIP": b"PK\x03\x04" + bytes(60), "zeros": bytes(5000), "a program": b"\x7fELF" * 9,
        "FLV": b"FLV\x01\x05\0\0\0\x09" + bytes(60), "ASF": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(60),
        "MPEG program stream": b"\0\0\x01\xba" + bytes(60), "MPEG transport stream": (b"G" + bytes(187)) * 9,
        "Ogg": b"OggS" + bytes(60), "bare H.264": b"\0\0\0\x01\x67" + bytes(60), "WAVE": b"RIFF\x24\0\0\0WAVEfmt ",
        "Y4M": b"YUV4MPEG2 W16 H16 F25:1\nFRAME\n" + bytes(384), "noise": random.Random(5).randbytes(50_000),
    }.items():  # fmt: skip
        yield VideoCase(f"{name} under another name", lambda data=data: data, (UNSUPPORTED,))


def main() -> None:
    """Write each file into the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NEIGHBOUR).write_bytes(quadrants())
    for case in make_corpus():
        (folder / re.sub(r"[^a-z0-9]+", "-", case.name.lower())).write_bytes(case.make())


if __name__ == "__main__":
    main()
