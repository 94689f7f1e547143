"""`make bench`: what our frames, captions and sound cost on top of the bare encode, measured side by side.

The work is that of ADR 0021: four stills of 1080x1920, 30 s at 30 frames, a slow zoom of 15 %, three cross-fades, word
captions, a voice. Every way runs once per round, in turn, so that a busy machine slows all of them; ratios are taken
within a round. CPU is user and system time of a process and all that it started. Memory comes from runs of its own,
because looking at it costs time. The bare encode is ffmpeg's: it reads the very frames and sound that our renderer makes,
from files, at the very settings that our renderer uses; the files may differ by half a percent in size. Our own encoder,
run alone on the same frames, is measured beside it and must come to the same packets, byte for byte.
With `PEERS=1` Remotion and MoviePy do the work too, see `bench_peers`.
"""

import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import bench_peers
import places

RUNS = max(1, int(os.environ.get("RUNS", "5")))
PEERS = os.environ.get("PEERS", "0") == "1"
OUT = places.ROOT / "target" / "bench"
ENGINE = places.ROOT / "target" / "debug" / "engine"
FFMPEG = places.TOOLS / "ffmpeg"
FPS, WIDTH, HEIGHT, SCENE_MS, SCENES, ZOOM = 30, 1080, 1920, 7_500, 4, 0.15
TEXT = """Bees make honey from the nectar of flowers, and every drop takes more work than most of us imagine.
A single worker visits up to two thousand flowers a day. She carries the nectar home in a second stomach, where enzymes
begin to change it. In the hive it passes from bee to bee until it is thick enough to store. Then they fan it with their
wings for days. When the water is nearly gone, they seal the cell with wax. That is honey, and it never spoils."""
# Centres of the six features whose path is followed, in parts of the image.
FEATURES = [(x, y) for x in (0.25, 0.75) for y in (0.22, 0.5, 0.78)]
WINDOW = 29
# What our compose is encoded with by default (ADR 0036), for the others; `bench/remotion` and `bench/moviepy` have it too.
X264 = ["-preset", "superfast", "-x264-params", "rc-lookahead=10:mbtree=1", "-crf", "23", "-g", "60"]
# A polynomial of this degree follows any of our movements to a thousandth of a pixel and no jitter at all.
PATH_DEGREE = 7


def ffmpeg(*arguments) -> None:
    """Runs ffmpeg and says why when it fails."""
    subprocess.run([FFMPEG, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


def still(path: pathlib.Path, seed: int) -> None:
    """An image as rich in detail as a photograph: noise at all scales, with colours that change slowly."""
    luma = f"perlin=s={WIDTH}x{HEIGHT}:octaves=10:persistence=0.7:xscale=3:yscale=4:random_mode=seed:random_seed={seed}"
    chroma = "perlin=s={}x{}:octaves=5:persistence=0.5:random_mode=seed:random_seed={}"
    sources = [luma, *(chroma.format(WIDTH // 2, HEIGHT // 2, seed + more) for more in (10, 20))]
    graph = (
        "[0]lutyuv=y=clip((val-128)*2.2+118\\,16\\,235)[a];[1]null[b];[2]null[c];[a][b][c]mergeplanes=0x001020:yuv420p"
    )
    inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
    ffmpeg(*inputs, "-filter_complex", graph, "-frames:v", 1, path)


def dots(path: pathlib.Path) -> None:
    """Six soft dots on grey; the centre of mass of a dot tells its place to a hundredth of a pixel."""
    bells = "+".join(f"150*exp(-((X-{x * WIDTH})^2+(Y-{y * HEIGHT})^2)/128)" for x, y in FEATURES)
    ffmpeg("-f", "lavfi", "-i", f"color=gray:s={WIDTH}x{HEIGHT},format=gray,geq=lum='60+{bells}'", "-frames:v", 1, path)


def spoken(voice: pathlib.Path) -> list[dict]:
    """Speaks the text; answers with the words and their times."""
    espeak = places.TOOLS / "espeak"
    command: list[str | pathlib.Path] = [
        places.TOOLS / "speak-words",
        "--lib",
        espeak / "libespeak-ng.so",
        "--data",
        espeak,
    ]
    command += ["--voice", "en", "--rate", "145", "--out", voice]
    text = " ".join(TEXT.split())
    answer = json.loads(subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout)
    begins = {mark["start_char"]: mark["at_ms"] for mark in answer["words"]}
    words, place, at_ms = [], 0, 0
    for word in text.split():
        place = text.index(word, place)
        at_ms = begins.get(place, at_ms)
        words.append({"text": word, "start_ms": at_ms, "end_ms": at_ms})
        place += len(word)
    for mark, after in zip(words, [*words[1:], {"start_ms": answer["duration_ms"]}], strict=True):
        mark["end_ms"] = after["start_ms"]
    return words


def scene(image: pathlib.Path, number: int) -> dict:
    """A scene that zooms slowly, in and out by turns, and fades over the one before."""
    fade = {"kind": "fade", "duration_ms": 500} if number else {"kind": "cut"}
    motion = {"kind": "zoom_out" if number % 2 else "zoom_in", "amount": ZOOM}
    start_ms = number * SCENE_MS
    return {
        "image": str(image), "start_ms": start_ms, "duration_ms": SCENE_MS, "motion": motion, "transition_in": fade,
    }  # fmt: skip


def prepare(folder: pathlib.Path) -> None:
    """Writes the inputs and the two specifications: the whole work, and the one whose motion is measured."""
    images = [folder / f"still{number}.png" for number in range(SCENES)]
    for number, image in enumerate(images):
        still(image, number + 1)
    dots(folder / "dots.png")
    words = spoken(folder / "voice.wav")
    base = {"version": 1, "width": WIDTH, "height": HEIGHT, "fps": FPS}
    work = base | {
        "scenes": [scene(image, number) for number, image in enumerate(images)],
        "captions": {"language": "en", "words": words, "preset": "classic", "font_px": 72.0},
        "audio": {"voice": str(folder / "voice.wav")},
    }
    (folder / "work.json").write_text(json.dumps(work))
    (folder / "dots.json").write_text(json.dumps(base | {"scenes": [scene(folder / "dots.png", 0)]}))


def engine(*arguments) -> list[str]:
    """A call of our command."""
    return [str(ENGINE), "--tools", str(places.TOOLS), *map(str, arguments)]


def zoompan(images: list, sound: pathlib.Path | None, enlarged: int, out: pathlib.Path) -> list[str]:
    """The usual way with ffmpeg alone, without captions; `enlarged` is the usual cure against its jitter."""
    frames = SCENE_MS * FPS // 1000
    command = [str(FFMPEG), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    for image in images:
        command += ["-i", str(image)]
    zoom = f"zoompan=z='1+{ZOOM}*on/{frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d={frames}:s={WIDTH}x{HEIGHT}:fps={FPS}"
    scale = f"scale={WIDTH * enlarged}:-1," if enlarged > 1 else ""
    parts = [f"[{number}:v]{scale}{zoom}[v{number}]" for number in range(len(images))]
    joined = "".join(f"[v{number}]" for number in range(len(images)))
    parts.append(f"{joined}concat=n={len(images)}:v=1:a=0,format=yuv420p[v]")
    if sound:
        command += ["-i", str(sound)]
    command += ["-filter_complex", ";".join(parts), "-map", "[v]"]
    if sound:
        command += ["-map", f"{len(images)}:a", "-c:a", "aac", "-b:a", "160k"]
    return [*command, "-c:v", "libx264", *X264, "-movflags", "+faststart", str(out)]


def timed(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command with all its children."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bench: {command[0]} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began


def family(root: int) -> list[int]:
    """A process and everything below it."""
    found = [root]
    for pid in found:
        try:
            threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
            found += [int(child) for thread in threads for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return found


def proportional_kib(pid: int) -> int:
    """Its proportional set, 0 when it has ended."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def peak_mb(command: list[str]) -> float:
    """The most memory that a command and its children had together, in 10^6 bytes; sampled 20 times a second."""
    peak = 0
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_kib, family(process.pid))))
            time.sleep(0.05)
    return peak * 1024 / 1e6


def packets(video: pathlib.Path) -> list[str]:
    """Sizes and sums of all packets of the image."""
    command: list[str | pathlib.Path] = [
        FFMPEG,
        "-loglevel",
        "error",
        "-i",
        video,
        "-map",
        "0:v",
        "-c",
        "copy",
        "-f",
        "framecrc",
        "-",
    ]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    return [",".join(line.split(",")[4:6]) for line in text.splitlines() if not line.startswith("#")]


def centres(video: pathlib.Path) -> list[list[float]]:
    """Path of each coordinate of each feature, frame after frame, in pixels."""
    command: list[str | pathlib.Path] = [
        FFMPEG,
        "-loglevel",
        "error",
        "-i",
        video,
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-",
    ]
    paths: list[list[float]] = [[] for _ in range(2 * len(FEATURES))]
    guesses = [[x * WIDTH, y * HEIGHT] for x, y in FEATURES]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while len(frame := process.stdout.read(WIDTH * HEIGHT)) == WIDTH * HEIGHT:
            for number, guess in enumerate(guesses):
                # The window follows the feature and its own half pixel does not count: the rim of a dot is grey.
                left, top = (round(value) - WINDOW for value in guess)
                columns = [0] * (2 * WINDOW + 1)
                rows = []
                for row in range(top, top + 2 * WINDOW + 1):
                    start = row * WIDTH + left
                    line = [max(0, value - 63) for value in frame[start : start + 2 * WINDOW + 1]]
                    columns = list(map(int.__add__, columns, line))
                    rows.append(sum(line))
                mass = max(1, sum(rows))
                guess[0] = left + sum(at * value for at, value in enumerate(columns)) / mass
                guess[1] = top + sum(at * value for at, value in enumerate(rows)) / mass
                paths[2 * number].append(guess[0])
                paths[2 * number + 1].append(guess[1])
    return paths


def jitter(path: list[float]) -> list[float]:
    """Change from frame to frame of the distance to the smooth path that fits best."""
    count = len(path)
    places_ = [2 * number / (count - 1) - 1 for number in range(count)]
    basis: list[list[float]] = []
    error = list(path)
    for degree in range(PATH_DEGREE + 1):
        vector = [place**degree for place in places_]
        for _ in range(2):
            for known in basis:
                share = sum(map(float.__mul__, vector, known))
                vector = [value - share * other for value, other in zip(vector, known, strict=True)]
        length = sum(value * value for value in vector) ** 0.5
        vector = [value / length for value in vector]
        basis.append(vector)
        share = sum(map(float.__mul__, error, vector))
        error = [value - share * other for value, other in zip(error, vector, strict=True)]
    return [after - before for before, after in itertools.pairwise(error)]


def jitter_px(video: pathlib.Path) -> float:
    """RMS over all features and both directions."""
    steps = [step for path in centres(video) for step in jitter(path)]
    return (sum(step * step for step in steps) / len(steps)) ** 0.5


def redrafts(folder: pathlib.Path) -> list[float]:
    """CPU seconds of drafts whose captions have moved since the one before: all frames are drawn, the sound is there."""
    work = json.loads((folder / "work.json").read_text())
    costs = []
    for number in range(RUNS + 1):
        work["captions"]["position_pct"] = 70.0 + number
        (folder / "moved.json").write_text(json.dumps(work))
        draft = engine("preview", "--cache", folder / "cache", folder / "moved.json", folder / "draft.mp4")
        costs.append(timed(draft)[0])
    # The first one makes the sound.
    return costs[1:]


def measure(folder: pathlib.Path) -> dict:
    """Everything; `folder` has room for 3 GB of frames."""
    subprocess.run(engine("parts", folder / "work.json", folder), stdout=(folder / "parts.json").open("w"), check=True)
    parts = json.loads((folder / "parts.json").read_text())
    stills = [folder / f"still{number}.png" for number in range(SCENES)]
    ours = folder / "ours.mp4"
    ways = {
        "encode": [str(FFMPEG), *parts["ffmpeg"]],
        "own_encoder": parts["encoder"],
        "compose": engine("compose", folder / "work.json", ours),
        "preview": engine("preview", folder / "work.json", folder / "draft.mp4"),
        "zoompan4x": zoompan(stills, folder / "mix.wav", 4, folder / "zoompan.mp4"),
    }
    peers, reasons = bench_peers.ways(folder) if PEERS else ({}, {})
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ways, *peers)}
    for number in range(RUNS):
        print(f"bench: round {number + 1} of {RUNS}", flush=True)
        for name, command in ways.items():
            results[name].append(timed(command))
        for name in [name for name in peers if name not in reasons]:
            try:
                results[name].append(bench_peers.timed(peers[name]))
            except bench_peers.MissingError as error:
                reasons[name] = str(error)
    if packets(folder / "stream.flv") != packets(ours):
        raise SystemExit("bench: our encoder alone made other images than compose")
    sizes = [path.stat().st_size for path in (folder / "encoded.mp4", ours)]
    if max(sizes) > 1.005 * min(sizes):
        raise SystemExit(f"bench: the bare encode and compose made files of {sizes} bytes")
    summary = {"profile": "dev, opt-level 3 for the engine", "runs": RUNS, "cores": os.cpu_count()}
    summary["load_1min"] = round(os.getloadavg()[0], 2)
    for name, runs in ((name, runs) for name, runs in results.items() if runs):
        summary[f"{name}.cpu_s"] = statistics.median(cpu for cpu, _ in runs)
        summary[f"{name}.wall_s"] = statistics.median(wall for _, wall in runs)
        for at, unit in enumerate(("cpu", "wall")):
            ratios = [run[at] / bare[at] for run, bare in zip(runs, results["encode"], strict=False)]
            summary[f"{name}.{unit}_ratio_to_encode"] = statistics.median(ratios)
    for name in ("remotion", "moviepy") if PEERS else ():
        ratios = [run[0] / own[0] for run, own in zip(results.get(name, []), results["compose"], strict=False)]
        summary[f"compose.vs_{name}_cpu"] = statistics.median(ratios) if ratios else None
        if name in reasons:
            summary[f"{name}.reason"] = reasons[name]
    full = [cpu for cpu, _ in results["compose"]]
    drafts = {
        "preview.cpu_ratio_to_full": [cpu for cpu, _ in results["preview"]],
        "preview.cpu_ratio_with_sound_kept": redrafts(folder),
    }
    for name, costs in drafts.items():
        summary[name] = statistics.median(map(float.__truediv__, costs, full))
    summary["encode.peak_rss_mb"] = peak_mb(ways["encode"])
    summary["compose.peak_rss_mb"] = peak_mb(ways["compose"])
    timed(engine("compose", folder / "dots.json", folder / "dots.mp4"))
    summary["compose.motion_jitter_px"] = jitter_px(folder / "dots.mp4")
    for enlarged in (1, 4):
        video = folder / f"dots{enlarged}.mp4"
        timed(zoompan([folder / "dots.png"], None, enlarged, video))
        summary["zoompan.motion_jitter_px" if enlarged == 1 else "zoompan4x.motion_jitter_px"] = jitter_px(video)
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in summary.items()}


def main() -> None:
    """Builds the command, measures, prints the table and writes the summary."""
    subprocess.run(["cargo", "build", "--quiet", "--package", "engine"], cwd=places.ROOT, check=True)
    # In memory when there is room: the bare encode must not wait for a disk.
    shm = pathlib.Path("/dev/shm")  # noqa: S108, a folder of its own is made in it
    roomy = shm.is_dir() and shutil.disk_usage(shm).free > 8e9
    with tempfile.TemporaryDirectory(dir=shm if roomy else None, prefix="reelsmith-bench-") as name:
        folder = pathlib.Path(name)
        prepare(folder)
        summary = measure(folder)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    for key, value in summary.items():
        print(f"{key:32} {value}")
    print(f"written to {OUT / 'summary.json'}")


if __name__ == "__main__":
    main()
