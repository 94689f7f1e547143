"""`make faults`: what strangers once found wrong, asked again of a running stack.

Each row is named as it was found (A: the API; B, D: files of phones and people; C: words and money; E: promises) and
prints what was asked, what is right and what came. ROWS in the environment names the rows to ask, with commas between; all of them
when it is absent. The last line is `N passed, N failed`; exit 0 only when every row is right.
"""

import os
import sys

import client
import places
import rows
import up


def asked(names: str) -> list[rows.Row]:
    """The rows of these names, in their order; all when there is no name."""
    # Their modules register them.
    import rows_access  # noqa: F401, PLC0415
    import rows_contract  # noqa: F401, PLC0415
    import rows_files  # noqa: F401, PLC0415
    import rows_money  # noqa: F401, PLC0415
    import rows_work  # noqa: F401, PLC0415

    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = wanted - {row.name for row in rows.ROWS}
    if unknown:
        raise SystemExit(f"faults: no row {', '.join(sorted(unknown))}")
    return [row for row in rows.ROWS if not wanted or row.name in wanted]


def answered(row: rows.Row, world: rows.World) -> bool:
    """Asks one row and prints what it saw; True when all of it is right."""
    print(f"{row.name:<4} {row.what}", flush=True)
    results = []
    try:
        for asked_for, wanted, seen in row.ask(world):
            right = wanted == seen
            results.append(right)
            print(f"     {'ok   ' if right else 'WRONG'} {asked_for}: wanted {wanted!r}, seen {seen!r}", flush=True)
    except (rows.Unexpected, OSError, LookupError, AttributeError, TypeError, ValueError) as error:
        print(f"     WRONG it could not be asked: {error!r}", flush=True)
        return False
    return bool(results) and all(results)


def main(stack: dict) -> int:
    world = rows.World(stack)
    results = [answered(row, world) for row in asked(os.environ.get("ROWS", ""))]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


def of_the_stack() -> dict:
    """The stack that runs: the one of `make test` when that is named, else the developer's, started if need be."""
    named = os.environ.get("REELSMITH_STACK")
    if named:
        return client.stack_at(named)
    up.functions.build()
    place = places.place(test=False)
    with place.alone():
        return up.up(place)


if __name__ == "__main__":
    up.in_own_environment(__file__)
    sys.exit(main(of_the_stack()))
