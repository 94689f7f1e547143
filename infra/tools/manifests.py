"""The manifests of the functions, `functions/**/function.toml`, held against everything that repeats them.

A manifest says what a function is for, who may call it, what starts it, how large it is and what it may use. The
templates stay plain YAML that is deployed as it is written; this module finds each place where the two differ.
`python manifests.py` prints what is wrong.
"""

import dataclasses
import json
import pathlib
import re
import sys
import tomllib

import template_facts

VARIABLES = pathlib.Path("infra", "variables.toml")
METHODS = ("GET", "POST", "PATCH", "DELETE", "ANY")
TRIGGERS = ("route", "step", "queue", "schedule", "operator", "authorizer")
KEYS = {"does", "trigger", "source", "memory_mb", "timeout_s", "needs", "routes"}

# Who may call, and the variants of `api::Access` by which the code says so. The first two pass the gateway without the
# authorizer: anybody, and whoever signed the body.
ACCESS = {
    "public": set(),
    "signed": set(),
    "read": {"Read"},
    "create": {"Create"},
    "delete": {"Delete"},
    "generate": {"Generate"},
    "signed-in": {"SignedIn"},
    "people": {"Person"},
    "people or self": {"Person", "Read"},
    "operators": {"Admin"},
}
OPEN = ("public", "signed")


@dataclasses.dataclass(frozen=True)
class Route:
    """One method of one path, and who may call it."""

    method: str
    path: str
    access: str


@dataclasses.dataclass(frozen=True)
class Manifest:
    """One `function.toml`, with the name and the folder that its crate has."""

    name: str
    folder: str
    does: str
    trigger: str
    source: str
    memory_mb: int
    timeout_s: int
    needs: tuple[str, ...]
    routes: tuple[Route, ...]


def load(root: pathlib.Path = template_facts.ROOT) -> list[Manifest]:
    """Every manifest, by folder. A function without one is an error."""
    folders = sorted(path.parent for path in (root / "functions").rglob("Cargo.toml"))
    return [one(root, folder) for folder in folders]


def one(root: pathlib.Path, folder: pathlib.Path) -> Manifest:
    """The manifest of one function."""
    told = tomllib.loads((folder / "function.toml").read_text())
    if unknown := set(told) - KEYS:
        raise ValueError(f"{folder}/function.toml: {', '.join(sorted(unknown))} is not known")
    return Manifest(
        name=tomllib.loads((folder / "Cargo.toml").read_text())["package"]["name"],
        folder=folder.relative_to(root).as_posix(),
        does=told["does"],
        trigger=told["trigger"],
        source=told.get("source", ""),
        memory_mb=told["memory_mb"],
        timeout_s=told["timeout_s"],
        needs=tuple(told["needs"]),
        routes=tuple(Route(**route) for route in told.get("routes", [])),
    )


def problems(root: pathlib.Path = template_facts.ROOT) -> list[str]:
    """Everything in which manifests, templates, code, samples and tests differ; empty when all is well."""
    manifests = load(root)
    deployed = template_facts.facts(root)
    described = operations(root)
    tests = "".join(path.read_text() for path in sorted((root / "tests").rglob("*.rs")))
    found = []
    for manifest in manifests:
        wrong = [*form(manifest), *access(manifest, root, described)]
        if manifest.name in deployed:
            wrong += template(manifest, deployed[manifest.name])
        else:
            wrong.append("no template deploys it")
        wrong += place(manifest, root, described)
        if not list((root / "events" / manifest.name).glob("*.json")):
            wrong.append(f"no sample in events/{manifest.name}/")
        if not re.search(rf"\b{manifest.name.replace('-', '_')}::(handle\b|{{[^}}]*\bhandle\b)", tests):
            wrong.append("no test calls its `handle`")
        found += [f"{manifest.folder}: {text}" for text in wrong]
    names = {manifest.name for manifest in manifests}
    found += [f"the template's {name} has no folder" for name in sorted(set(deployed) - names)]
    folders = {path.name for path in (root / "events").iterdir()}
    found += [f"events/{name}/ belongs to no function" for name in sorted(folders - names)]
    listed = {(route.method, route.path) for manifest in manifests for route in manifest.routes}
    found += [f"docs/openapi.json has {method} {path}, no manifest" for method, path in sorted(set(described) - listed)]
    return found + variable_problems(root, deployed)


def form(manifest: Manifest) -> list[str]:
    """What is wrong with a manifest by itself."""
    found = []
    if not manifest.does.endswith(".") or not manifest.does[0].isupper():
        found.append("`does` is not a sentence")
    if manifest.trigger not in TRIGGERS:
        found.append(f"`{manifest.trigger}` is no trigger; there are {', '.join(TRIGGERS)}")
    if list(manifest.needs) != sorted(set(manifest.needs)):
        found.append("`needs` is not sorted, or says something twice")
    found.extend(
        f"{route.method} or `{route.access}` is not known"
        for route in manifest.routes
        if route.method not in METHODS or route.access not in ACCESS
    )
    return found


def template(manifest: Manifest, facts: template_facts.Facts) -> list[str]:
    """Where a manifest and the template differ."""
    # The gateway hands every method of a path over; which of them there are, the function says.
    routes = {template_facts.Route("ANY", route.path, route.access in OPEN) for route in manifest.routes}
    pairs = {
        "trigger": (manifest.trigger, facts.trigger),
        "source": (manifest.source, facts.source),
        "memory_mb": (manifest.memory_mb, facts.memory_mb),
        "timeout_s": (manifest.timeout_s, facts.timeout_s),
        "needs": (sorted(manifest.needs), sorted(facts.needs)),
        "routes": (sorted(map(str, routes)), sorted(map(str, facts.routes))),
    }
    return [f"{key} is {own}, and {other} in the template" for key, (own, other) in pairs.items() if own != other]


def place(manifest: Manifest, root: pathlib.Path, described: dict[tuple[str, str], dict]) -> list[str]:
    """A route lies in the folder of its tag; a step is run by a state of its machine."""
    area = manifest.folder.split("/")[2]
    tags = {tag for route in manifest.routes for tag in described.get((route.method, route.path), {}).get("tags", [])}
    if manifest.folder.startswith("functions/api/") and tags and tags != {area}:
        return [f"its routes have the tag {', '.join(sorted(tags))}"]
    if manifest.trigger == "step":
        machine = root / "statemachines" / f"{manifest.source}.asl.json"
        state = "".join(word.capitalize() for word in manifest.name.split("-"))
        if f"${{{state}FunctionArn}}" not in machine.read_text():
            return [f"no state of {machine.relative_to(root)} runs it"]
    return []


def access(manifest: Manifest, root: pathlib.Path, described: dict[tuple[str, str], dict]) -> list[str]:
    """Where a manifest's access differs from the code's, and from the OpenAPI document that is made from it."""
    found = []
    for route in manifest.routes:
        operation = described.get((route.method, route.path))
        if route.path == template_facts.DEFAULT_PATH:
            continue
        if operation is None:
            found.append(f"{route.method} {route.path} is not in docs/openapi.json")
        elif (operation.get("security") == []) != (route.access in OPEN):
            found.append(f"{route.method} {route.path} is {route.access}, and not so in docs/openapi.json")
    sources = "".join(path.read_text() for path in sorted((root / manifest.folder / "src").rglob("*.rs")))
    said = set(re.findall(r"\bAccess::(\w+)", sources))
    if "wiring::start_job" in sources:
        said.add("Generate")
    told = set().union(*(ACCESS.get(route.access, set()) for route in manifest.routes))
    if said != told:
        found.append(f"access is {sorted(told)}, and {sorted(said)} in the code")
    return found


def operations(root: pathlib.Path) -> dict[tuple[str, str], dict]:
    """Every operation of the OpenAPI document by its method and path."""
    document = json.loads((root / "docs" / "openapi.json").read_text())
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def variables(root: pathlib.Path) -> dict[str, str]:
    """What each variable of a function's environment is for."""
    return tomllib.loads((root / VARIABLES).read_text())


def variable_problems(root: pathlib.Path, deployed: dict[str, template_facts.Facts]) -> list[str]:
    """Variables that are set, read or listed, but not all three; one that is only set by hand need not be deployed."""
    paths = [path for folder in ("functions", "shared") for path in sorted((root / folder).rglob("*.rs"))]
    sources = "".join(path.read_text() for path in paths if "tests" not in (path.stem, path.parent.name))
    listed = set(variables(root))
    deployed_names = set().union(*(facts.variables for facts in deployed.values()))
    read = {name for name in listed if f'"{name}"' in sources}
    asked = set(re.findall(r'env\.(?:required|optional|number_or)\(\s*"([A-Z_]+)"', sources))
    return [
        *(f"{name} is set by a template and not in {VARIABLES}" for name in sorted(deployed_names - listed)),
        *(f"{name} is read by the code and not in {VARIABLES}" for name in sorted(asked - listed)),
        *(f"{name} is in {VARIABLES}, and no code reads it" for name in sorted(listed - read)),
    ]


if __name__ == "__main__":
    wrong = problems()
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
