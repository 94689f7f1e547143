"""Rows about files that phones and people really make: each is made here, uploaded, and looked at as it comes back."""

import functools
import pathlib
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator

import places
from rows import CALL_S_MAX, Person, Seen, World, row

RED = (200, 30, 30)
# What a colour may be off after two encodings.
LEVELS = 4
TAKEN = ("ready", None)


def ffmpeg(*arguments: str | pathlib.Path) -> bytes:
    """Runs the product's ffmpeg; answers with what it wrote to standard output."""
    command = [places.TOOLS / "ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=True).stdout


def source(graph: str) -> list[str]:
    return ["-f", "lavfi", "-i", graph]


@functools.cache
def folder() -> pathlib.Path:
    """Where the files are made; it goes with the program."""
    return pathlib.Path(holder().name)


@functools.cache
def holder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="faults-")


def made(name: str, *arguments: str | pathlib.Path) -> pathlib.Path:
    """A file of ffmpeg's."""
    path = folder() / name
    ffmpeg(*arguments, path)
    return path


def changed(file: pathlib.Path, name: str, before: bytes = b"", behind: bytes = b"") -> pathlib.Path:
    """The same file with bytes before and behind it."""
    path = folder() / name
    path.write_bytes(before + file.read_bytes() + behind)
    return path


@functools.cache
def uploader(world: World) -> Person:
    """The customer of the stack: a newcomer may upload ten files a day."""
    return world.logged_in(world.stack["user_email"], world.stack["user_password"])


def verdict(world: World, kind: str, content_type: str, file: pathlib.Path) -> tuple[str, str | None]:
    """How the product judges a file: its status and, for a refused one, why."""
    asset = uploader(world).uploaded(kind, content_type, file)
    return asset["status"], (asset.get("refusal") or {}).get("code")


def centre(world: World, kind: str, content_type: str, file: pathlib.Path) -> tuple[int, ...]:
    """The colour in the middle of what the product made of a file."""
    asset = uploader(world).uploaded(kind, content_type, file)
    prepared = folder() / f"prepared-{asset['id']}"
    with urllib.request.urlopen(asset["file"]["url"], timeout=CALL_S_MAX) as answer:
        prepared.write_bytes(answer.read())
    # Both said: the matrix and the range that the file names, and full RGB.
    pixel = ffmpeg(
        "-i", prepared, "-frames:v", "1", "-vf", "crop=2:2,scale=1:1:flags=area,format=rgb24", "-f", "rawvideo", "-"
    )
    return tuple(pixel[:3])


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= LEVELS for one, other in zip(colour, wanted, strict=True))


SINE = source("sine=d=5")
MOVING = source("testsrc2=d=5")


@row("D1", "a video in HD without colour tags is BT.709")
def untagged_colours(world: World) -> Iterator[Seen]:
    untagged = "setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown:range=unknown"
    for size, matrix in (("1280x720", "bt709"), ("640x480", "bt601")):
        graph = f"scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p,{untagged}"
        file = made(f"red-{size}.mp4", *source(f"color=0xC81E1E:s={size}:d=1"), "-vf", graph, "-c:v", "libx264")
        colour = centre(world, "video", "video/mp4", file)
        yield f"{size}: {colour}, near {RED}", True, near(colour, RED)


@row("D4", "a JPEG with a video behind it is an image")
def motion_photos(world: World) -> Iterator[Seen]:
    photo = made("photo.jpg", *source("testsrc2=s=800x600"), "-frames:v", "1", "-q:v", "3")
    for seed in range(3):
        noise = f"testsrc2=s=640x480:d=2,noise=alls=30:allf=t:all_seed={seed}"
        video = made(f"motion-{seed}.mp4", *source(noise), "-c:v", "libx264")
        file = changed(photo, f"motion-{seed}.jpg", behind=video.read_bytes())
        yield f"motion photo {seed}", TAKEN, verdict(world, "image", "image/jpeg", file)


@row("D6", "a sound that begins quietly is as long as it is")
def quiet_beginnings(world: World) -> Iterator[Seen]:
    quiet = "anoisesrc=c=pink:a=.5:d=20:s=44100,volume='if(lt(t,1),.01,1)':eval=frame"
    file = made("quiet.aac", *source(quiet), "-c:a", "aac", "-b:a", "128k")
    yield "ADTS", TAKEN, verdict(world, "audio", "audio/aac", file)
    silent = "sine=d=8,volume='if(lt(t,2),0,1)':eval=frame"
    file = made("vbr.mp3", *source(silent), "-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0")
    yield "MP3 of a changing rate without a header", TAKEN, verdict(world, "audio", "audio/mpeg", file)


@row("D8", "an MP4 without a video is a sound")
def sounds_in_mp4(world: World) -> Iterator[Seen]:
    for name, form in (("isom", "mp4"), ("m4a", "ipod")):
        file = made(f"{name}.m4a", *SINE, "-c:a", "aac", "-f", form)
        yield name, TAKEN, verdict(world, "audio", "audio/mp4", file)


@row("D11", "what is transparent in a video is white")
def transparency(world: World) -> Iterator[Seen]:
    clear = source("color=magenta@0.0:s=640x360:d=1,format=yuva420p")
    file = made("clear.webm", *clear, "-c:v", "libvpx-vp9", "-auto-alt-ref", "0")
    colour = centre(world, "video", "video/webm", file)
    yield f"{colour}, near white", True, near(colour, (255, 255, 255))


@row("D13", "a sound behind a tag is that sound")
def tags_before_sounds(world: World) -> Iterator[Seen]:
    file = made("tagged.aac", *SINE, "-c:a", "aac", "-f", "adts", "-write_id3v2", "1", "-metadata", "title=x")
    yield "AAC behind ID3", TAKEN, verdict(world, "audio", "audio/aac", file)


@row("D15", "zeros before or behind an MP3 are no part of it")
def zeros_around_sounds(world: World) -> Iterator[Seen]:
    bare = made("bare.mp3", *SINE, "-c:a", "libmp3lame", "-id3v2_version", "0")
    for name, before, behind in (("before", 2048, 0), ("behind", 0, 60_000)):
        file = changed(bare, f"{name}.mp3", bytes(before), bytes(behind))
        yield name, TAKEN, verdict(world, "audio", "audio/mpeg", file)


@row("D16", "a second sound may be longer than the first")
def second_sounds(world: World) -> Iterator[Seen]:
    tracks = [*MOVING, *SINE, *source("sine=d=9"), "-map", "0", "-map", "1", "-map", "2"]
    file = made("second.mp4", *tracks, "-c:v", "libx264", "-c:a", "aac")
    yield "two sounds", TAKEN, verdict(world, "video", "video/mp4", file)


@row("D17", "a clock that does not begin at zero")
def clocks(world: World) -> Iterator[Seen]:
    late = ["-c:v", "libvpx", "-output_ts_offset", "5", "-avoid_negative_ts", "disabled"]
    yield "WebM", TAKEN, verdict(world, "video", "video/webm", made("late.webm", *MOVING, *late))


@row("D21", "a title that reads like a report is a title")
def titles(world: World) -> Iterator[Seen]:
    for number, title in enumerate(("Lecture 4, Duration: 01:30:00, part 1", "Graded, smpte2084")):
        file = made(f"title-{number}.mp4", *MOVING, "-c:v", "libx264", "-metadata", f"title={title}")
        yield title, TAKEN, verdict(world, "video", "video/mp4", file)


@row("D22", "an image a second is a video")
def slow_videos(world: World) -> Iterator[Seen]:
    file = made("slow.mp4", *source("testsrc2=r=1:d=20"), "-c:v", "libx264")
    yield "one a second", TAKEN, verdict(world, "video", "video/mp4", file)


@row("D23", "bytes behind the last box are not missed")
def trailers(world: World) -> Iterator[Seen]:
    file = changed(made("whole.mp4", *MOVING, "-c:v", "libx264"), "trailer.mp4", behind=b"SEFT" * 3)
    yield "a trailer", TAKEN, verdict(world, "video", "video/mp4", file)


@row("D26", "an image is too large by its area, not by a side")
def tall_images(world: World) -> Iterator[Seen]:
    file = made("tall.png", *source("color=white:s=1080x17000"), "-frames:v", "1")
    yield "a screenshot of 1080x17000", TAKEN, verdict(world, "image", "image/png", file)


@row("D34", "the usual names of types and the videos of phones are taken")
def names_of_types(world: World) -> Iterator[Seen]:
    mp3 = made("usual.mp3", *SINE, "-c:a", "libmp3lame")
    wav = made("usual.wav", *SINE)
    mov = made("usual.mov", *MOVING, *SINE, "-c:v", "libx264", "-c:a", "aac")
    for kind, content_type, file in (
        ("audio", "audio/mp3", mp3),
        ("audio", "audio/x-wav", wav),
        ("video", "video/quicktime", mov),
    ):
        yield content_type, TAKEN, verdict(world, kind, content_type, file)
