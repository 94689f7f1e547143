#!/usr/bin/env bash
# Two well-known converters of subtitles write WebVTT's character references into SRT as they stand.
#
# WebVTT has references (&amp; &lt; &lrm; ..) and needs them; SubRip has none, so a player shows the letters "&amp;" on the screen,
# and a left-to-right mark in a Hebrew line is not a mark any more but five letters in the middle of it.
#   - pysubs2 and webvtt-py: the SRT says `Salt &amp; pepper` and `&lrm;`, while tags such as <v Ann> and <c.yellow> are removed;
#   - ffmpeg: the SRT says `Salt & pepper` and holds U+200E.
# Who offers SRT files that were made from VTT must decode the references.
# Seen on 2026-11-30 with pysubs2 1.8.1, webvtt-py 0.6.0, imageio-ffmpeg 0.8.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pysubs2==1.8.1 webvtt-py==0.6.0 imageio-ffmpeg==0.8.1
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import pathlib
import subprocess

import imageio_ffmpeg
import pysubs2
import webvtt

SOURCE = """WEBVTT

00:00:01.000 --> 00:00:02.500
<v Ann>Salt <c.yellow>&amp;</c> pepper</v>

00:00:03.000 --> 00:00:04.000
\u05e9\u05dc\u05d5\u05dd &lrm;(1)
"""
pathlib.Path("source.vtt").write_text(SOURCE, encoding="utf-8")
pysubs2.load("source.vtt", encoding="utf-8").save("pysubs2.srt", encoding="utf-8")
webvtt.read("source.vtt", encoding="utf-8").save_as_srt("webvtt-py.srt")
ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
subprocess.run([ffmpeg, "-v", "error", "-i", "source.vtt", "ffmpeg.srt"], check=True)

seen = {}
for tool in ("pysubs2", "webvtt-py", "ffmpeg"):
    lines = pathlib.Path(f"{tool}.srt").read_text(encoding="utf-8-sig").splitlines()
    seen[tool] = [lines[2], ascii(lines[6])]
    print(f"{tool:10} {seen[tool]}")
kept = ["Salt &amp; pepper", ascii("\u05e9\u05dc\u05d5\u05dd &lrm;(1)")]
decoded = ["Salt & pepper", ascii("\u05e9\u05dc\u05d5\u05dd \u200e(1)")]
assert seen == {"pysubs2": kept, "webvtt-py": kept, "ffmpeg": decoded}, "they write something else now"
PYTHON
