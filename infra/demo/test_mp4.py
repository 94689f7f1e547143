"""Tests of `mp4`."""

import pathlib
import struct
import tempfile
import unittest

import mp4


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


def track(width: int, height: int) -> bytes:
    return box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16)))


MOVIE = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 20400))
FILE = box(b"ftyp", b"isom") + box(b"moov", MOVIE + track(1080, 1920) + track(0, 0))


class Facts(unittest.TestCase):
    def of(self, data: bytes) -> dict:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return mp4.facts(pathlib.Path(file.name))

    def test_length_and_size_are_read_from_the_file(self):
        self.assertEqual(self.of(FILE), {"duration_s": 20.4, "width": 1080, "height": 1920})

    def test_a_long_movie_header_has_64_bit_times(self):
        movie = box(b"mvhd", b"\x01" + bytes(19) + struct.pack(">IQ", 90000, 90000 * 5))
        data = box(b"ftyp", b"isom") + box(b"moov", movie + track(1080, 1080))
        self.assertEqual(self.of(data)["duration_s"], 5.0)

    def test_anything_else_is_refused(self):
        for data in (b"", b"<html>", FILE[:-9], box(b"ftyp", b"isom"), FILE.replace(b"ftyp", b"free")):
            with self.subTest(data=data[:8]), self.assertRaises(mp4.NotAnMp4):
                self.of(data)


if __name__ == "__main__":
    unittest.main()
