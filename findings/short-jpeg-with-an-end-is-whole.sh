#!/usr/bin/env bash
# A JPEG of which a third is left is a whole image to Pillow and OpenCV, as long as it ends with FF D9.
#
# Pillow is known to refuse cut images ("image file is truncated"). It does so where the bytes end; where the end marker comes
# too early, as repair tools, caches and thumbnail makers write it, nobody raises an error:
#   - Pillow fills what is missing with grey, without error or warning;
#   - OpenCV does the same, and libjpeg's "premature end of data segment" goes to standard error, where no program sees it;
#   - ffmpeg decodes it too and ends with 0, but says "overread" at the level of errors.
# So that an image could be loaded does not say that it is there; a check has to ask a decoder that tells.
# Seen on 2026-11-30 with pillow 13.0.0, opencv-python-headless 5.0.0.93, imageio-ffmpeg 0.8.1 (ffmpeg 9.0.2).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pillow==13.0.0 opencv-python-headless==5.0.0.93 imageio-ffmpeg==0.8.1
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import io
import subprocess

import cv2
import imageio_ffmpeg
import numpy
from PIL import Image

ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
made = ["-f", "lavfi", "-i", "testsrc2=size=640x480", "-frames:v", "1", "-q:v", "3"]
subprocess.run([ffmpeg, "-v", "error", *made, "whole.jpg"], check=True)
whole = open("whole.jpg", "rb").read()
scan = whole.index(b"\xff\xda") + 14
cut = whole[: scan + (len(whole) - scan) // 3]


def pillow(image: bytes) -> str:
    try:
        loaded = Image.open(io.BytesIO(image))
        loaded.load()
    except OSError:
        return "refused"
    return f"taken, its last pixel is {loaded.getpixel((639, 479))}"


def opencv(image: bytes) -> str:
    read = cv2.imdecode(numpy.frombuffer(image, numpy.uint8), cv2.IMREAD_COLOR)
    return "refused" if read is None else f"taken, its last pixel is {tuple(int(level) for level in read[479, 639])}"


def decoded(image: bytes) -> str:
    command = [ffmpeg, "-v", "error", "-f", "jpeg_pipe", "-i", "-", "-f", "null", "-"]
    ran = subprocess.run(command, input=image, capture_output=True, check=False)
    return f"ends with {ran.returncode} and says {'overread' if b'overread' in ran.stderr else 'nothing'}"


seen = {}
for name, image in (("whole", whole), ("cut", cut), ("cut, with an end marker", cut + b"\xff\xd9")):
    for reader, read in (("Pillow", pillow), ("OpenCV", opencv), ("ffmpeg", decoded)):
        seen[name, reader] = read(image)
        print(f"{name} ({len(image)} bytes): {reader}: {seen[name, reader]}")
ended = "cut, with an end marker"
assert seen["cut", "Pillow"] == "refused", "Pillow takes what is cut"
assert seen[ended, "Pillow"] == "taken, its last pixel is (128, 128, 128)", "Pillow says something else now"
assert seen[ended, "OpenCV"] == "taken, its last pixel is (128, 128, 128)", "OpenCV says something else now"
assert seen[ended, "ffmpeg"] == "ends with 0 and says overread", "ffmpeg says something else now"
assert seen["whole", "ffmpeg"] == "ends with 0 and says nothing", "ffmpeg finds fault with a whole image"
PYTHON
