"""`make invoke FN=... CASE=...`: sends one sample event to a function of the running stack and prints its answer."""

import json
import sys

import cloud
import deploy
import events
import places


def main(name: str, case: str) -> int:
    place = places.place(test=False)
    if not cloud.running(place):
        raise SystemExit("no stack is running: `make up`")
    if not events.path_of(name, case).is_file():
        folders = sorted((places.ROOT / "events").glob(name or "*")) or sorted((places.ROOT / "events").iterdir())
        cases = [f"  FN={folder.name} CASE={path.stem}" for folder in folders for path in sorted(folder.glob("*.json"))]
        raise SystemExit("\n".join(["there is no such sample; there are:", *cases]))
    functions = deploy.session().client("lambda", endpoint_url=cloud.endpoint(place))
    answer = functions.invoke(FunctionName=f"{places.STACK_NAME}-{name}", Payload=json.dumps(events.read(name, case)))
    print(json.dumps(json.load(answer["Payload"]), indent=2, ensure_ascii=False))
    return 1 if "FunctionError" in answer else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
