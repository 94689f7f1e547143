"""The generated tables: `docs/generated/{ROUTES,FUNCTIONS,CONFIG}.md`, from the manifests and the templates.

`python pages.py` (`make docs`) writes them; a test compares them with the committed ones.
"""

import pathlib

import manifests
import template_facts

FOLDER = pathlib.Path("docs", "generated")
DEFAULT_ROUTE = "Refuses what is no path, and sends a path with a slash too many to the right one."
KINDS = {
    "api": "Routes",
    "webhooks": "Webhooks",
    "steps": "Steps of state machines",
    "workers": "Workers",
}


def pages(root: pathlib.Path = template_facts.ROOT) -> dict[str, str]:
    """Every page by its name."""
    found = manifests.load(root)
    return {
        "ROUTES.md": routes(found, manifests.operations(root)),
        "FUNCTIONS.md": functions(found),
        "CONFIG.md": config(root),
    }


def page(title: str, source: str, text: list[str]) -> str:
    """A page with its head."""
    return "\n".join([f"# {title}", "", f"Written from {source} by `make docs`; do not edit.", "", *text, ""])


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(*heads: str) -> list[str]:
    return [row(*heads), "|" + "---|" * len(heads)]


def link(manifest: manifests.Manifest) -> str:
    return f"[`{manifest.name}`](../../{manifest.folder}/src/lib.rs)"


def routes(found: list[manifests.Manifest], described: dict[tuple[str, str], dict]) -> str:
    """Every method of every path, in the order of the paths; what it does is told by the OpenAPI document."""
    lines = [
        "Who may call:",
        "",
        "- *public*: anybody; *signed*: the sender that signed the body.",
        "- *read*, *create*, *delete*: a person of the account, or an API key with that scope.",
        "- *generate*: as *create*; it starts paid work, which has a rate limit of its own.",
        "- *people*: a signed-in person, and no API key: the account's own, or a member who is an admin of it (ADR 0029).",
        "- *people or self*: as *people*, and a member about themselves.",
        "- *operators*: a signed-in person whose account is an operator's.",
        "",
        *table("method", "path", "who may call", "function", "what it does"),
    ]
    order = manifests.METHODS.index
    pairs = [(route, manifest) for manifest in found for route in manifest.routes]
    for route, manifest in sorted(pairs, key=lambda pair: (pair[0].path, order(pair[0].method))):
        is_default = route.path == template_facts.DEFAULT_PATH
        summary = DEFAULT_ROUTE if is_default else described[route.method, route.path]["summary"]
        lines.append(row(route.method, f"`{route.path}`", route.access, link(manifest), summary))
    return page("Routes", "`functions/**/function.toml`", lines)


def functions(found: list[manifests.Manifest]) -> str:
    """Every function, by kind and name."""
    lines = [
        (
            "What a function may use is what its role allows: `<table>:write` includes reading, `answers-once` the claims of "
            "idempotency keys and the rate windows, `call-windows` only the rate windows."
        ),
    ]
    for kind, title in KINDS.items():
        lines += [
            "",
            f"## {title}",
            "",
            *table("function", "does", "started by", "memory, MB", "time-out, s", "may use"),
        ]
        chosen = [manifest for manifest in found if manifest.folder.split("/")[1] == kind]
        for manifest in sorted(chosen, key=lambda manifest: manifest.name):
            needs = ", ".join(f"`{need}`" for need in manifest.needs)
            size = (str(manifest.memory_mb), str(manifest.timeout_s))
            lines.append(row(link(manifest), manifest.does, started_by(manifest), *size, needs))
    return page("Functions", "`functions/**/function.toml`", lines)


def started_by(manifest: manifests.Manifest) -> str:
    """What starts a function, in a cell."""
    return {
        "route": "HTTP API",
        "step": f"state machine `{manifest.source}`",
        "queue": f"queue `{manifest.source}`",
        "schedule": f"schedule `{manifest.source}`",
        "operator": "an operator (`lambda invoke`)",
        "authorizer": "the HTTP API, before a route",
    }[manifest.trigger]


def config(root: pathlib.Path) -> str:
    """Every variable, and who has it."""
    deployed = template_facts.facts(root)
    lines = [
        "A function reads its variables once, at its start, by `runtime::Env`.",
        "",
        *table("variable", "what", "set for"),
    ]
    for name, what in sorted(manifests.variables(root).items()):
        lines.append(row(f"`{name}`", what, holders(name, deployed)))
    return page("Configuration", f"`{manifests.VARIABLES}` and the templates", lines)


def holders(variable: str, deployed: dict[str, template_facts.Facts]) -> str:
    """The functions for which the templates set a variable."""
    names = sorted(name for name, facts in deployed.items() if variable in facts.variables)
    if len(names) == len(deployed):
        return "every function"
    return ", ".join(f"`{name}`" for name in names) or "no function by the templates"


def main() -> None:
    folder = template_facts.ROOT / FOLDER
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
