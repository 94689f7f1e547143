"""Reads the few facts of an MP4 that the demo reports, from the file itself; standard library only."""

import pathlib
import struct

CONTAINERS = (b"moov", b"trak")


class NotAnMp4(ValueError):
    """The file is no MP4 with one image track."""


def boxes(data: bytes):
    """Every box of `data`, those inside of containers too, as (type, payload).

    Source: ISO/IEC 14496-12, 4.2: 32-bit size, type, and a 64-bit size when the first is 1.
    """
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        size = size or len(data) - at
        if size < header or at + size > len(data):
            raise NotAnMp4(f"a box at {at} is longer than the file")
        payload = data[at + header : at + size]
        yield kind, payload
        if kind in CONTAINERS:
            yield from boxes(payload)
        at += size


def facts(path: pathlib.Path) -> dict:
    """`duration_s`, `width`, `height` of an MP4.

    Errors: `NotAnMp4`.
    """
    try:
        found = list(boxes(path.read_bytes()))
        if not found or found[0][0] != b"ftyp":
            raise NotAnMp4("it does not begin as an MP4 does")
        scale, duration = movie_time(next(payload for kind, payload in found if kind == b"mvhd"))
        sizes = [struct.unpack(">II", payload[-8:]) for kind, payload in found if kind == b"tkhd"]
    except (StopIteration, struct.error) as error:
        raise NotAnMp4("it has no movie header") from error
    images = [(width >> 16, height >> 16) for width, height in sizes if width]
    if len(images) != 1 or not scale:
        raise NotAnMp4("it does not have one image track")
    return {"duration_s": round(duration / scale, 2), "width": images[0][0], "height": images[0][1]}


def movie_time(header: bytes) -> tuple[int, int]:
    """Ticks a second and length in ticks; version 1 of the header has 64-bit times."""
    return struct.unpack_from(">IQ", header, 20) if header[0] == 1 else struct.unpack_from(">II", header, 12)
