"""`make bench-ledger`: what holds, settlements and quota checks cost, added to target/bench/summary.json.

The store and the SDK, optimised, on the database in memory of `shared/soak`: no network and one thread, so the figures
say what our own code costs, and how many calls of DynamoDB a hold makes.
"""

import json
import os
import subprocess
import sys

import places

SUMMARY = places.ROOT / "target" / "bench" / "summary.json"


def main() -> None:
    """Measures, joins the figures with what is there, prints them."""
    pairs = str(max(1000, int(os.environ.get("PAIRS", "5000"))))
    command = ["cargo", "run", "--quiet", "--locked", "--profile", "soak", "-p", "soak", "--", "bench", pairs]
    answer = subprocess.run(command, cwd=places.ROOT, stdout=subprocess.PIPE, check=True).stdout
    figures = json.loads(answer)
    figures["ledger.load_1min"] = round(os.getloadavg()[0], 2)
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    summary = json.loads(SUMMARY.read_text()) if SUMMARY.is_file() else {}
    SUMMARY.write_text(json.dumps(summary | figures, indent=2) + "\n")
    for key, value in figures.items():
        print(f"{key:38} {value}")


if __name__ == "__main__":
    sys.exit(main())
