"""python render.py WORK.json MIX.wav OUT.mp4: the work of `make bench` by MoviePy, written well.

Zoom by one resize with a fractional box per frame, captions drawn once per word and laid over as small clips, frames
made once and never copied by hand; what is left is MoviePy's own way of putting clips together.
"""

import json
import pathlib
import sys

import numpy
from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoClip, vfx
from PIL import Image, ImageDraw, ImageFont

WORDS_PER_PAGE = 5


def zoomed(scene: dict, size: tuple[int, int], lead_s: float) -> VideoClip:
    """A still in motion; `lead_s` is how long it fades in over the one before."""
    with Image.open(scene["image"]) as file:
        image = file.convert("RGB")
    width, height = image.size
    length_s, motion = scene["duration_ms"] / 1000, scene["motion"]

    def frame(now_s: float) -> numpy.ndarray:
        share = min(max((now_s - lead_s) / length_s, 0.0), 1.0)
        share = 1 - share if motion["kind"] == "zoom_out" else share
        scale = 1 + motion["amount"] * share
        left, top = (width - width / scale) / 2, (height - height / scale) / 2
        box = (left, top, width - left, height - top)
        return numpy.asarray(image.resize(size, Image.Resampling.BILINEAR, box=box))

    clip = VideoClip(frame, duration=length_s + lead_s).with_start(scene["start_ms"] / 1000 - lead_s)
    return clip.with_effects([vfx.CrossFadeIn(lead_s)]) if lead_s else clip


def lettering(words: list[dict], active: int, width: int, font: ImageFont.FreeTypeFont) -> numpy.ndarray:
    """A page of words in two lines, one of them coloured."""
    canvas = Image.new("RGBA", (width, 220))
    draw = ImageDraw.Draw(canvas)
    half = (len(words) + 1) // 2
    for row, (first, line) in enumerate(((0, words[:half]), (half, words[half:]))):
        x = (width - draw.textlength(" ".join(word["text"] for word in line), font=font)) / 2
        for place, word in enumerate(line):
            colour = "#ffd400" if first + place == active else "white"
            draw.text((x, 10 + 96 * row), word["text"], colour, font, stroke_width=5, stroke_fill="black")
            x += draw.textlength(word["text"] + " ", font=font)
    return numpy.asarray(canvas)


def captions(work: dict) -> list[ImageClip]:
    """A clip for each word, over the time until the next."""
    words, size = work["captions"]["words"], (work["width"], work["height"])
    font = ImageFont.load_default(72)
    clips = []
    for number, word in enumerate(words):
        if word["end_ms"] <= word["start_ms"]:
            continue
        first = number - number % WORDS_PER_PAGE
        drawn = lettering(words[first : first + WORDS_PER_PAGE], number - first, size[0], font)
        clip = ImageClip(drawn, duration=(word["end_ms"] - word["start_ms"]) / 1000)
        clips.append(clip.with_start(word["start_ms"] / 1000).with_position((0, int(size[1] * 0.7))))
    return clips


def main() -> None:
    """Puts it together and encodes it as the others do."""
    path, sound, out = sys.argv[1:]
    work = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    size = (work["width"], work["height"])
    leads_s = [scene["transition_in"].get("duration_ms", 0) / 1000 for scene in work["scenes"]]
    scenes = [zoomed(scene, size, lead_s) for scene, lead_s in zip(work["scenes"], leads_s, strict=True)]
    length_s = sum(scene["duration_ms"] for scene in work["scenes"]) / 1000
    video = CompositeVideoClip([*scenes, *captions(work)], size=size).with_duration(length_s)
    video = video.with_audio(AudioFileClip(sound).with_duration(length_s))
    encoder = [
        "-crf",
        "23",
        "-g",
        "60",
        "-x264-params",
        "rc-lookahead=10:mbtree=1",
        "-pix_fmt",
        "yuv420p",
        "-movflags",
        "+faststart",
    ]
    video.write_videofile(
        out, fps=work["fps"], codec="libx264", preset="superfast", ffmpeg_params=encoder,
        audio_codec="aac", audio_bitrate="160k", audio_fps=48_000, logger=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
