"""`make down`: stops what `make up` started and nothing else; the state stays for the next `make up`.

`down.py [--test] [--wipe]`: the stack of `make test`; and forget its state.
"""

import sys

import cloud
import places
import providers


def main() -> None:
    place = places.place("--test" in sys.argv[1:])
    with place.alone():
        providers.stop(place)
        stopped = cloud.stop(place)
        if "--wipe" in sys.argv[1:]:
            cloud.wipe(place)
    print("down: stopped" if stopped else "down: nothing was running")


if __name__ == "__main__":
    main()
