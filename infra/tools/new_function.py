"""`make new-function NAME= AREA= KIND=route|step|worker`: a function that compiles, deploys and is tested, to begin with.

Writes the crate with its manifest, its place in the template, a sample event and a test, and names the function in every
list that has to know it. AREA is the tag of a route in the OpenAPI document, the state machine of a step, or what a
worker works for. What is left to do is printed.
"""

import json
import pathlib
import re
import sys

import template_facts

KINDS = {"route": "api", "step": "steps", "worker": "workers"}

CARGO = """\
[package]
name = "{name}"
description = "{does}"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true

[lib]
test = false
doctest = false

[[bin]]
name = "{name}"
path = "src/main.rs"
test = false

[dependencies]
"""

MAIN = """\
//! Lambda entry point of `{name}`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {{
    runtime::{runner}({crate}::Deps::connect, {crate}::handle).await
}}
"""

ROUTE_LIB = """\
//! `GET {path}`: says whose account the caller acts in.
//!
//! # Shape
//! `events/{name}/`.

use api::{{Access, Request, Response, authorize}};
use domain::{{AccountId, Failure}};
use http::Method;
use serde::Serialize;
use utoipa::{{OpenApi, ToSchema}};

pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_{crate}))]
pub struct Docs;

/// Body of the answer.
#[derive(Debug, Serialize, ToSchema)]
struct {pascal}Response {{
    /// Account of the caller.
    #[schema(value_type = String)]
    account_id: AccountId,
}}

/// Answers one request.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {{
    match request.method {{
        Method::GET => show_{crate}(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }}
}}

/// Shows the account of the caller.
#[utoipa::path(get, path = "{path}", tag = "{area}",
    responses((status = 200, description = "The account.", body = {pascal}Response)))]
async fn show_{crate}(deps: &Deps, request: &Request) -> Result<Response, Failure> {{
    let caller = authorize(&deps.store, request, Access::Read).await?;
    Response::ok(&{pascal}Response {{
        account_id: caller.account_id,
    }})
}}
"""

NO_DEPS = """\
/// The clients of `handle`: none yet.
#[derive(Debug)]
pub struct Deps;

impl Deps {{
    /// Connects nothing.
    ///
    /// # Errors
    /// None.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(_env: &Env) -> Result<Self, StartError> {{
        Ok(Self)
    }}
}}
"""

STEP_LIB = """\
//! State `{pascal}` of the machine `{area}`.
//!
//! # Shape
//! `events/{name}/`.

use domain::{{ErrorCode, Failure, JobId}};
use runtime::{{Env, StartError}};
use serde::Deserialize;

/// Every code that this step can fail with; the state machine is checked against it.
pub const ERRORS: &[ErrorCode] = &[];

/// What the state machine hands over; the other ids of the execution are there too.
#[derive(Debug, Deserialize)]
pub struct Task {{
    /// The job that the execution works on.
    pub job_id: JobId,
}}

{no_deps}
/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(_deps: &Deps, task: Task) -> Result<(), Failure> {{
    runtime::job(task.job_id);
    Ok(())
}}
"""

WORKER_LIB = """\
//! Every hour: logs that it ran.
//!
//! # Shape
//! `events/{name}/`; what the schedule sends is not read.

use domain::Failure;
use runtime::{{Env, StartError, Tick}};

{no_deps}
/// Runs once.
///
/// # Errors
/// None.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(_deps: &Deps, _tick: Tick) -> Result<(), Failure> {{
    tracing::info!("ran");
    Ok(())
}}
"""

LIBS = {"route": ROUTE_LIB, "step": STEP_LIB, "worker": WORKER_LIB}
DEPENDENCIES = {
    "route": ("api", "domain", "http", "runtime", "serde", "tokio", "utoipa", "wiring"),
    "step": ("domain", "runtime", "serde", "tokio"),
    "worker": ("domain", "runtime", "tokio", "tracing"),
}
DOES = {
    "route": "Shows the account of the caller.",
    "step": "Notes the job in the log.",
    "worker": "Logs that it ran.",
}

MANIFESTS = {
    "route": """\
does = "{does}"
trigger = "route"
memory_mb = 256
timeout_s = 25
needs = ["call-windows"]

[[routes]]
method = "GET"
path = "{path}"
access = "read"
""",
    "step": """\
does = "{does}"
trigger = "step"
source = "{area}"
memory_mb = 256
timeout_s = 25
needs = []
""",
    "worker": """\
does = "{does}"
trigger = "schedule"
source = "rate(1 hour)"
memory_mb = 256
timeout_s = 60
needs = []
""",
}

RESOURCES = {
    "route": """\
  {pascal}Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${{Prefix}}-{name}
      CodeUri: ../target/lambda/{name}
      Policies:
        - !Ref CallWindows
      Events:
        Any: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Method: ANY, Path: '{path}'}}}}
""",
    "step": """\
  {pascal}Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${{Prefix}}-{name}
      CodeUri: ../../target/lambda/{name}
      Timeout: 25
""",
    "worker": """\
  {pascal}Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${{Prefix}}-{name}
      CodeUri: ../target/lambda/{name}
      Timeout: 60
      Events:
        EveryHour:
          Type: ScheduleV2
          Properties:
            Name: !Sub ${{Prefix}}-{name}
            ScheduleExpression: rate(1 hour)
            RetryPolicy: {{MaximumRetryAttempts: 0}}
            Description: {does}
""",
}

TESTS = {
    "route": """\
//! `{name}`.

use {crate}::{{Deps, handle}};

use super::world::every_sample;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {{
    every_sample("{name}", async |world, request| {{
        handle(&Deps {{ store: world.store() }}, request).await
    }})
    .await;
}}
""",
    "step": """\
//! `{name}`.

use testkit::events::sample;
use {crate}::{{Deps, handle}};

#[tokio::test]
async fn its_sample_is_taken() {{
    let task = serde_json::from_str(&sample("{name}", "first-run")).expect("a task");
    handle(&Deps, task).await.expect("it ran");
}}
""",
    "worker": """\
//! `{name}`.

use testkit::events::sample;
use {crate}::{{Deps, handle}};
use {crate}::{{Deps, handle}};

#[tokio::test]
async fn its_sample_is_taken() {{
    let tick = serde_json::from_str(&sample("{name}", "every-hour")).expect("a tick");
    handle(&Deps, tick).await.expect("it ran");
}}
""",
}
# The sample that is copied, and the name that the copy gets.
SAMPLES = {
    "route": ("credit-balance/get.json", "get.json"),
    "step": ("write-script/first-run.json", "first-run.json"),
    "worker": ("expire-credits/every-hour.json", "every-hour.json"),
}
LEFT = {
    "route": "path, methods and access in its `lib.rs`, `function.toml` and `infra/api.yaml`",
    "step": "a state `{pascal}` in `statemachines/{area}.asl.json`, and its handler in `tests/workflow/parts.rs`",
    "worker": "its queue or schedule in `function.toml` and `infra/workers.yaml`",
}


class Refused(Exception):
    """The function cannot be made as it was asked for."""


def make(root: pathlib.Path, name: str, area: str, kind: str) -> pathlib.Path:
    """Writes the function into the tree; answers with its folder."""
    check(root, name, area, kind)
    words = {
        "name": name,
        "area": area,
        "crate": name.replace("-", "_"),
        "pascal": "".join(word.capitalize() for word in name.split("-")),
        "path": f"/v1/{name}",
        "does": DOES[kind],
        "runner": "http" if kind == "route" else "task",
        "no_deps": NO_DEPS.format(),
    }
    folder = root / "functions" / KINDS[kind] / area / name
    (folder / "src").mkdir(parents=True)
    dependencies = "".join(f"{one}.workspace = true\n" for one in DEPENDENCIES[kind])
    (folder / "Cargo.toml").write_text(CARGO.format(**words) + dependencies)
    (folder / "function.toml").write_text(MANIFESTS[kind].format(**words))
    (folder / "src" / "main.rs").write_text(MAIN.format(**words))
    (folder / "src" / "lib.rs").write_text(LIBS[kind].format(**words))
    deploy(root, kind, words)
    sample(root, kind, words)
    test(root, kind, words, folder)
    if kind == "route":
        describe(root, words)
    return folder


def check(root: pathlib.Path, name: str, area: str, kind: str) -> None:
    """Refuses what could not be told apart or would stand in no list."""
    if kind not in KINDS:
        raise Refused(f"KIND is one of {', '.join(KINDS)}")
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name) or not re.fullmatch(r"[a-z]+(-[a-z]+)*", area):
        raise Refused("NAME and AREA are words in lower case with dashes between")
    if list((root / "functions").rglob(f"{name}/Cargo.toml")) or (root / "shared" / name).exists():
        raise Refused(f"there is a crate {name}")
    areas = sorted(path.name for path in (root / "functions" / KINDS[kind]).iterdir())
    if kind == "route" and area not in areas:
        raise Refused(f"AREA of a route is a tag of the OpenAPI document: {', '.join(areas)}")
    if kind == "step" and not (root / "statemachines" / f"{area}.asl.json").exists():
        raise Refused(f"statemachines/{area}.asl.json is not there")


def edit(path: pathlib.Path, pattern: str, line: str) -> None:
    """Adds a line behind the last one that matches."""
    text = path.read_text()
    places = list(re.finditer(pattern, text, re.MULTILINE))
    if not places:
        raise Refused(f"{path} has no line like {pattern}")
    end = places[-1].end()
    path.write_text(f"{text[:end]}\n{line}{text[end:]}")


def deploy(root: pathlib.Path, kind: str, words: dict[str, str]) -> None:
    """The function's resource at the end of its part of the template; a step is also made known to its machine."""
    part = {"route": "api.yaml", "worker": "workers.yaml", "step": f"machines/{words['area']}.yaml"}[kind]
    path = root / "infra" / part
    text, outputs, rest = path.read_text().partition("\nOutputs:\n")
    path.write_text(f"{text.rstrip()}\n\n{RESOURCES[kind].format(**words)}{outputs}{rest}")
    if kind == "step":
        resource = f"{words['pascal']}Function"
        edit(path, r"^        \w+FunctionArn: !GetAtt \w+\.Arn$", f"        {resource}Arn: !GetAtt {resource}.Arn")
        edit(path, r"^                - !GetAtt \w+Function\.Arn$", f"                - !GetAtt {resource}.Arn")


def sample(root: pathlib.Path, kind: str, words: dict[str, str]) -> None:
    """A sample event, copied from that of a function of the same kind."""
    source, case = SAMPLES[kind]
    text = (root / "events" / source).read_text()
    text = text.replace("/v1/credit/balance", words["path"]).replace("expire-credits", words["name"])
    folder = root / "events" / words["name"]
    folder.mkdir(exist_ok=True)
    (folder / case).write_text(text)


def test(root: pathlib.Path, kind: str, words: dict[str, str], folder: pathlib.Path) -> None:
    """A test of the sample, named in its crate."""
    tests = root / "tests" / "contract"
    (tests / f"{words['crate']}.rs").write_text(TESTS[kind].format(**words))
    edit(tests / "main.rs", r"^mod \w+;$", f"mod {words['crate']};")
    path = folder.relative_to(root).as_posix()
    edit(tests / "Cargo.toml", r"^[a-z-]+ = \{ path = .*\}$", f'{words["name"]} = {{ path = "../../{path}" }}')


def describe(root: pathlib.Path, words: dict[str, str]) -> None:
    """A route in the lists of the OpenAPI document and of the refusals, with the answer to its sample."""
    tests, name, crate = root / "tests" / "contract", words["name"], words["crate"]
    edit(tests / "openapi.rs", r"^        \w+::Docs::openapi\(\),$", f"        {crate}::Docs::openapi(),")
    edit(
        tests / "openapi" / "samples.rs", r'^    \("\w+", "[a-z-]+/[a-z-]+"\),$', f'    ("show_{crate}", "{name}/get"),'
    )
    handler = f"Box::pin(async {{ {crate}::handle(&{crate}::Deps {{ store: w.store() }}, r).await }})"
    route = f'    ("{name}", "get", |w, r| {{\n        {handler}\n    }}),'
    edit(tests / "authz.rs", r"^const ROUTES: &\[Route\] = &\[$", route)
    body = {"data": {"account_id": "acct_00000000000000000000000001"}, "success": True}
    shown = json.dumps({"body": body, "status": 200}, indent=2)
    (tests / "snapshots" / f"{name}__get.snap").write_text(f"---\nsource: tests/contract/world.rs\n---\n{shown}\n")


def main() -> None:
    if len(sys.argv) != 4 or not all(sys.argv[1:]):
        raise Refused("wanted NAME= AREA= KIND=route|step|worker")
    name, area, kind = sys.argv[1:]
    folder = make(template_facts.ROOT, name, area, kind)
    pascal = "".join(word.capitalize() for word in name.split("-"))
    print(f"made {folder.relative_to(template_facts.ROOT)}; left to do: {LEFT[kind].format(pascal=pascal, area=area)}")


if __name__ == "__main__":
    try:
        main()
    except Refused as error:
        sys.exit(f"new-function: {error}")
