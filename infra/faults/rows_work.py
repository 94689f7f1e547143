"""Rows about jobs: what is made, what is kept, what it costs."""

from collections.abc import Iterator

from rows import Seen, World, row

SECTION = {
    "kind": "hook",
    "heading": "MY HEADING",
    "narration": "My own words here.",
    "image_prompt": "x",
    "start_ms": 0,
    "end_ms": 5000,
}
OWN_SCRIPT = {"title": "MINE", "sections": [SECTION]}
# What a newcomer may hold; a video of five seconds costs less.
SECONDS = 5


@row("A3", "a script of one's own is not replaced unasked")
def own_scripts_are_kept(world: World) -> Iterator[Seen]:
    person = world.newcomer("script")
    project = person.project(duration_s=SECONDS)
    edited = person.patch(f"/v1/projects/{project}", {"script": OWN_SCRIPT}).data
    yield "it is one's own", True, edited["script"]["edited"]
    for kind in ("generate-all", "generate-script"):
        refused = person.post(f"/v1/projects/{project}/{kind}").refusal
        yield kind, (409, "script_edited"), refused
    kept = person.get(f"/v1/projects/{project}").data["script"]
    yield "afterwards", ("MINE", True), (kept["title"], kept["edited"])
    yield "held", 0, person.get("/v1/credit/balance").data["held"]


@row("C3", "a video is never longer than was asked, and what the product adds is not billed")
def lengths(world: World) -> Iterator[Seen]:
    for language, keyword in (("en", "How bees make honey"), ("ko", "커피 맛있게 내리는 법")):
        person = world.newcomer(f"length-{language}")
        project = person.project(keyword=keyword, language=language, duration_s=10)
        done = person.made(project, "generate-all")
        yield f"{language}: status", "completed", done["status"]
        seconds = done["result"]["video"]["duration_s"] if "video" in done["result"] else done["result"]["duration_s"]
        yield f"{language}: {seconds} s of 10", True, 9.5 <= seconds <= 10.0
        lines = {line["resource"]: line["quantity"] for line in done["receipt"]["lines"]}
        yield (
            f"{language}: seconds billed",
            True,
            all(lines[name] <= 10 for name in ("voice_synthesis", "video_generation")),
        )
        receipt = done["receipt"]
        yield f"{language}: held is charged or released", receipt["held"], receipt["charged"] + receipt["released"]


@row("C9", "a topic without a letter is refused")
def topics(world: World) -> Iterator[Seen]:
    made = world.customer.post("/v1/projects", {"settings": {"keyword": "\U0001f525\U0001f525\U0001f525"}})
    yield "emoji alone", (400, "validation_failed", "settings.keyword"), made.refusal
