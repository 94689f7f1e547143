#!/usr/bin/env bash
# One second of sound, encoded as AAC in MP4, has three lengths, by who reads it.
#
# An AAC encoder puts 1024 samples of silence in front, and whole frames of 1024 samples at the end.
# MP4 says in an edit list which samples count. Readers differ in whether they look at it:
#   - tinytag and MediaInfo, and the stream's length in PyAV, say 1.000 s: they apply the edit list;
#   - mutagen says 1.0213 s: it reads the track's media header (48 frames of 1024 samples);
#   - decoding by PyAV gives 1.0027 s: the start is cut by the edit list, the last frame is not.
# Who bills by started seconds must choose one of them and say which: the second here is one or two.
# Seen on 2026-11-30 with imageio-ffmpeg 0.8.1 (the encoder), mutagen 1.48.1, tinytag 2.3.2, pymediainfo 7.0.1, av 18.1.0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1 mutagen==1.48.1 tinytag==2.3.2 pymediainfo==7.0.1 av==18.1.0
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import subprocess

import av
import imageio_ffmpeg
import mutagen
import pymediainfo
import tinytag

FILE = "second.m4a"
ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
source = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=1"]
subprocess.run([ffmpeg, "-v", "error", *source, "-c:a", "aac", FILE], check=True)

with av.open(FILE) as container:
    stream = container.streams.audio[0]
    said = float(stream.duration * stream.time_base)
    decoded = sum(frame.samples for frame in container.decode(stream)) / stream.rate
sound = next(track for track in pymediainfo.MediaInfo.parse(FILE).tracks if track.track_type == "Audio")
seen = {
    "tinytag": round(tinytag.TinyTag.get(FILE).duration, 4),
    "MediaInfo": float(sound.duration) / 1000,
    "PyAV, the stream's length": round(said, 4),
    "PyAV, decoded samples": round(decoded, 4),
    "mutagen": round(mutagen.File(FILE).info.length, 4),
}
for reader, seconds in seen.items():
    print(f"{seconds:7.4f} s  {reader}")
assert list(seen.values()) == [1.0, 1.0, 1.0, 1.0027, 1.0213], "the readers say something else now"
PYTHON
