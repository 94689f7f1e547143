#!/usr/bin/env bash
# pyloudnorm weighs channels by their number, not by their place, so the same tone is louder in one rear channel than in the other.
#
# ITU-R BS.1770 gives surround channels 1.5 dB more weight and leaves the LFE channel out.
# pyloudnorm takes the fourth and fifth column of the array as the surrounds, whatever the layout is:
#   - quad (FL FR BL BR): a tone in BL is -23.05 LUFS, the same tone in BR -21.56; ffmpeg's ebur128 says -21.5 for both;
#   - 4.1 (FL FR FC LFE BC): a tone in the LFE alone is -21.56 LUFS; for ffmpeg it is silence (-70);
#   - 5.1: refused, "Audio must have five channels or less".
# Who measures customers' sound with it must mix down first.
# Seen on 2026-11-30 with pyloudnorm 0.2.0, soundfile 0.14.0, numpy 2.4.6, imageio-ffmpeg 0.8.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pyloudnorm==0.2.0 soundfile==0.14.0 numpy==2.4.6 imageio-ffmpeg==0.8.1
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import re
import subprocess

import imageio_ffmpeg
import numpy
import pyloudnorm
import soundfile

RATE = 48000
TONE = 0.1 * numpy.sin(2 * numpy.pi * 997 * numpy.linspace(0, 5 * RATE - 1, 5 * RATE) / RATE)
ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()


def measure(channel: int, channels: int, layout: str) -> tuple[str, str]:
    """Loudness of the tone in one channel of a layout, by pyloudnorm and by ffmpeg, LUFS."""
    sound = numpy.zeros((len(TONE), channels))
    sound[:, channel] = TONE
    soundfile.write("tone.wav", sound, RATE, subtype="FLOAT")
    command = [ffmpeg, "-hide_banner", "-channel_layout", layout, "-i", "tone.wav", "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    theirs = re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1]
    try:
        ours = f"{pyloudnorm.Meter(RATE).integrated_loudness(sound):.2f}"
    except ValueError as refusal:
        ours = str(refusal)
    return ours, theirs


seen = {
    "quad, back left": measure(2, 4, "quad"),
    "quad, back right": measure(3, 4, "quad"),
    "4.1, LFE": measure(3, 5, "4.1"),
    "5.1, back right": measure(5, 6, "5.1"),
}
for place, (one, other) in seen.items():
    print(f"{place:18} pyloudnorm {one:42} ffmpeg {other}")
assert list(seen.values()) == [
    ("-23.05", "-21.5"),
    ("-21.56", "-21.5"),
    ("-21.56", "-70.0"),
    ("Audio must have five channels or less.", "-21.5"),
], "they measure something else now"
PYTHON
