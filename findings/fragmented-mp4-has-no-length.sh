#!/usr/bin/env bash
# Two readers of media tags say that a fragmented MP4 is 0 seconds long.
#
# Phones' browsers (MediaRecorder) and live recorders write MP4 in fragments: the header comes first and says 0, because nobody
# knows the length yet; the truth is in the fragments behind it.
#   - mutagen and tinytag say 0.0 s, without an error: a limit on the length, or a price by the second, lets the file pass;
#   - MediaInfo says 4.0 s, and so does ffmpeg.
# A length of 0 has to be read as "not known", and the file measured by decoding or by a reader of fragments.
# Seen on 2026-11-30 with imageio-ffmpeg 0.8.1 (ffmpeg 9.0.2), mutagen 1.48.1, tinytag 2.3.2, pymediainfo 7.0.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1 mutagen==1.48.1 tinytag==2.3.2 pymediainfo==7.0.1
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import re
import subprocess

import imageio_ffmpeg
import mutagen
import pymediainfo
import tinytag

FILE = "recorded.mp4"
ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=4", "-c:v", "libx264"]
subprocess.run([ffmpeg, "-v", "error", *source, "-movflags", "frag_keyframe+empty_moov", FILE], check=True)
told = subprocess.run([ffmpeg, "-hide_banner", "-i", FILE], capture_output=True, text=True, check=False).stderr
minutes, seconds = re.search(r"Duration: 00:(\d+):([\d.]+)", told).groups()
video = next(track for track in pymediainfo.MediaInfo.parse(FILE).tracks if track.track_type == "Video")
seen = {
    "mutagen": mutagen.File(FILE).info.length,
    "tinytag": tinytag.TinyTag.get(FILE).duration,
    "MediaInfo": float(video.duration) / 1000,
    "ffmpeg": int(minutes) * 60 + float(seconds),
}
for reader, length in seen.items():
    print(f"{length:5.2f} s  {reader}")
assert list(seen.values()) == [0.0, 0.0, 4.0, 4.0], "the readers say something else now"
PYTHON
