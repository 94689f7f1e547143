"""Installs the pinned tools into `.local/`: Python packages, ffmpeg, fonts, the voice engine with `speak-words`, and
libx264 with `encode-frames`.

Everything comes from hash-locked packages; nothing needs root, and a second run is a comparison of two hashes.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import venv

import places

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
SPEAK_WORDS = places.ROOT / "infra" / "tools" / "speak_words.c"
ENCODE_FRAMES = places.ROOT / "infra" / "tools" / "encode_frames.c"
X264_LICENCE = places.ROOT / "infra" / "tools" / "libx264.LICENSE"
CJK_LICENCE = places.ROOT / "infra" / "tools" / "NotoSansCJK.LICENSE"
STAMP = places.LOCAL / "tools.stamp"

PYTHON_MIN = (3, 11)
# Upright faces only: the engine never slants, and the italics would double the folder.
FONT_PACKAGES = ("noto_sans", "noto_sans_arabic", "noto_sans_devanagari", "noto_sans_thai", "heebo")
# Our own programs in C, each the only one that loads a library under the GPL.
PROGRAMS = {"speak-words": SPEAK_WORDS, "encode-frames": ENCODE_FRAMES}
C_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror")


def wanted() -> str:
    """Hash of all that decides what the tools are."""
    digest = hashlib.sha256(str(places.VENV).encode())
    sources = (REQUIREMENTS, SPEAK_WORDS, ENCODE_FRAMES, X264_LICENCE, CJK_LICENCE, pathlib.Path(__file__))
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def install() -> None:
    """Makes `.local/venv` and `.local/tools` what the lock file says; quick when they are."""
    if sys.version_info < PYTHON_MIN:
        raise SystemExit(
            f"Python {'.'.join(map(str, PYTHON_MIN))} or later is needed, this is {sys.version.split()[0]}"
        )
    stamp = wanted()
    if STAMP.exists() and STAMP.read_text() == stamp and all((places.TOOLS / name).exists() for name in PROGRAMS):
        return
    STAMP.unlink(missing_ok=True)
    install_packages()
    places.TOOLS.mkdir(parents=True, exist_ok=True)
    link_ffmpeg()
    copy_fonts()
    copy_voice()
    copy_encoder(site_packages(), places.TOOLS)
    compile_programs(["cc"], places.TOOLS)
    STAMP.write_text(stamp)


def install_packages() -> None:
    """The lock file is the whole closure, so no resolver runs: `--no-deps`, and `pip check` agrees afterwards."""
    print("tools: installing the pinned packages (about a minute)", flush=True)
    if not (places.VENV / "bin" / "python").exists():
        venv.create(places.VENV, with_pip=True, clear=places.VENV.exists())
    python = places.venv("python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS)], check=True)
    subprocess.run([*pip, "check"], check=True)


def site_packages() -> pathlib.Path:
    """The environment's own folder of packages."""
    return next(places.VENV.glob("lib/python3*/site-packages"))


def link_ffmpeg() -> None:
    """A link, not a copy: the binary is 172 MB."""
    binary = next((site_packages() / "imageio_ffmpeg" / "binaries").glob("ffmpeg-*"))
    link = places.TOOLS / "ffmpeg"
    link.unlink(missing_ok=True)
    link.symlink_to(binary)


def copy_fonts() -> None:
    """The faces the engine draws with, each with its licence beside it."""
    fonts = places.TOOLS / "fonts"
    shutil.rmtree(fonts, ignore_errors=True)
    fonts.mkdir()
    for package in FONT_PACKAGES:
        source = site_packages() / f"fontpkg_{package}"
        for face in (source / "files").iterdir():
            if "Italic" not in face.name:
                shutil.copy(face, fonts / face.name)
                shutil.copy(source / "LICENSE", fonts / f"{face.name.split('[')[0]}.LICENSE")
    cjk = site_packages() / "cvttf_NotoSansCJK_Bold" / "NotoSansCJKtc-Bold.otf"
    shutil.copy(cjk, fonts / cjk.name)
    shutil.copy(CJK_LICENCE, fonts / "NotoSansCJKtc-Bold.LICENSE")


def copy_voice() -> None:
    """`libespeak-ng.so` and its voices, in one folder that a Lambda layer can carry as it is."""
    source = site_packages() / "espeakng_loader"
    voice = places.TOOLS / "espeak"
    shutil.rmtree(voice, ignore_errors=True)
    voice.mkdir()
    shutil.copy(source / "libespeak-ng.so", voice / "libespeak-ng.so")
    shutil.copytree(source / "espeak-ng-data", voice / "espeak-ng-data")


def copy_encoder(packages: pathlib.Path, into: pathlib.Path) -> None:
    """`libx264.so` out of the package that brings it along, and its licence; nothing else of that package is used."""
    (library,) = (packages / "av.libs").glob("libx264-*.so*")
    shutil.copy(library, into / "libx264.so")
    shutil.copy(X264_LICENCE, into / X264_LICENCE.name)


def compile_programs(compiler: list[str], into: pathlib.Path) -> None:
    """Our programs in C; a compiler is on every machine that builds Rust."""
    for name, source in PROGRAMS.items():
        subprocess.run([*compiler, *C_FLAGS, "-o", str(into / name), str(source), "-ldl"], check=True)


def link_for(place: places.Place) -> None:
    """Gives a place its own names of the tools: a test that takes one away takes it from its own stack only."""
    if place.tools == places.TOOLS:
        return
    place.tools.mkdir(parents=True, exist_ok=True)
    for tool in places.TOOLS.iterdir():
        link = place.tools / tool.name
        link.unlink(missing_ok=True)
        link.symlink_to(tool)


if __name__ == "__main__":
    install()
