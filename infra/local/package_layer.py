"""`make package`, second half: the layer with ffmpeg, fonts, the voice engine, the encoder and our programs in C
for one processor.

The folder has the paths that the template's defaults name under /opt. Wheels of the other processor come from the same
lock file, so they are the versions that the tests ran with.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import places
import tools

LAYER = places.ROOT / "target" / "media-layer"
# AWS refuses more than this, unpacked, for a function with all its layers.
LAYER_BYTES_MAX = 250 * 1024 * 1024
# The largest function; see `make package`.
FUNCTION_BYTES_MAX = 20 * 1024 * 1024
WHEELS = ("av", "imageio-ffmpeg", "espeakng-loader")
# Amazon Linux 2023 has glibc 2.34; wheels of manylinux2014 ask for less.
PLATFORMS = {
    "arm64": (["manylinux2014_aarch64", "manylinux_2_28_aarch64"], "aarch64-linux-gnu.2.34"),
    "x86_64": (["manylinux2014_x86_64", "manylinux_2_28_x86_64", "manylinux2010_x86_64"], "x86_64-linux-gnu.2.34"),
}


def locked(names: tuple[str, ...]) -> str:
    """The lock file's entries of some packages, hashes included."""
    entries = re.split(r"\n(?=[a-z0-9])", tools.REQUIREMENTS.read_text())
    return "\n".join(entry for entry in entries if entry.split("==")[0] in names)


def unpack(arch: str, into: pathlib.Path) -> None:
    """Downloads the wheels for `arch`, checks their hashes and unpacks them."""
    lock = into / "lock.txt"
    lock.write_text(locked(WHEELS))
    platforms = [f"--platform={platform}" for platform in PLATFORMS[arch][0]]
    pip = [places.venv("python"), "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
    subprocess.run([*pip, "--only-binary=:all:", *platforms, "-d", str(into), "-r", str(lock)], check=True)
    for wheel in into.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(into)


def build(arch: str) -> None:
    """Fills `target/media-layer`.

    Errors: an unknown processor, and a layer that AWS would refuse.
    """
    if arch not in PLATFORMS:
        raise SystemExit(f"ARCH is arm64 or x86_64, not {arch!r}")
    shutil.rmtree(LAYER, ignore_errors=True)
    (LAYER / "espeak").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        wheels = pathlib.Path(folder)
        unpack(arch, wheels)
        ffmpeg = next((wheels / "imageio_ffmpeg" / "binaries").glob("ffmpeg-*"))
        shutil.copy(ffmpeg, LAYER / "ffmpeg")
        tools.copy_encoder(wheels, LAYER)
        voice = wheels / "espeakng_loader"
        shutil.copy(voice / "libespeak-ng.so", LAYER / "espeak" / "libespeak-ng.so")
        shutil.copytree(voice / "espeak-ng-data", LAYER / "espeak" / "espeak-ng-data")
    shutil.copytree(places.TOOLS / "fonts", LAYER / "fonts")
    # The cross-compiler that cargo-lambda uses too.
    tools.compile_programs([places.venv("python"), "-m", "ziglang", "cc", "-target", PLATFORMS[arch][1]], LAYER)
    (LAYER / "ffmpeg").chmod(0o755)
    size = sum(path.stat().st_size for path in LAYER.rglob("*") if path.is_file())
    print(f"package: media layer for {arch}, {size / 1e6:.0f} MB")
    if size + FUNCTION_BYTES_MAX > LAYER_BYTES_MAX:
        raise SystemExit(f"the layer has {size} bytes: AWS takes {LAYER_BYTES_MAX} with the function")


if __name__ == "__main__":
    build(sys.argv[1])
