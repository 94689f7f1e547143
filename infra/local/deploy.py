"""Deploys `infra/template.yaml` and its parts to the local cloud; runs inside the project's own environment.

SAM's own translator turns each part into plain CloudFormation, `expand_http_api` closes a gap of the emulator, and each
part becomes a stack in the root's order, with the root's values (`parts.py` says why not a nested one). The packages of
the functions are not zipped and sent again. A deploy of what is deployed already is refused by comparing hashes before
this is called.
"""

import hashlib
import json
import pathlib
import time

import boto3
import botocore.config
import botocore.exceptions

import cloud
import expand_http_api
import functions
import parts
import places
import providers

ARTEFACTS = "reelsmith-artefacts"
# Any secret opens the root of an emulator; the name says that it is worth nothing.
SECRET = "local"  # noqa: S105
DEPLOY_S_MAX = 300
POLL_S = 0.2
ENDED = ("COMPLETE", "FAILED")


def session() -> boto3.Session:
    """The local cloud's root: an access key that is an account's number is that account."""
    return boto3.Session(aws_access_key_id=places.ACCOUNT_ID, aws_secret_access_key=SECRET, region_name=places.REGION)


def parameters(place: places.Place) -> dict:
    """What this machine is to the template."""
    return {
        "Prefix": places.STACK_NAME,
        "Arch": "x86_64",
        "UserPoolKeysUrl": cloud.endpoint(place),
        "MediaToolsDir": str(place.tools),
    } | providers.parameters(place)


def put_secrets(endpoint: str) -> None:
    """Stores the keys of the fake providers where an operator puts the real ones; a repeat brings them to today's."""
    manager = session().client("secretsmanager", endpoint_url=endpoint)
    for name, secret in providers.secrets().items():
        try:
            manager.create_secret(Name=name, SecretString=json.dumps(secret))
        except manager.exceptions.ResourceExistsException:
            manager.put_secret_value(SecretId=name, SecretString=json.dumps(secret))


def upload(s3, name: str, body: bytes) -> dict:
    """Stores an artefact under the hash of its content."""
    key = f"{name}/{hashlib.sha256(body).hexdigest()}"
    s3.put_object(Bucket=ARTEFACTS, Key=key, Body=body)
    return {"Bucket": ARTEFACTS, "Key": key}


class Store:
    """Where packages and templates are put, and which binaries they name."""

    def __init__(self, place: places.Place, endpoint: str):
        path_style = botocore.config.Config(s3={"addressing_style": "path"})
        self.place, self.endpoint = place, endpoint
        self.s3 = session().client("s3", endpoint_url=endpoint, config=path_style)
        self.s3.create_bucket(Bucket=ARTEFACTS)
        self.pinned: set[pathlib.Path] = set()

    def code(self, name: str) -> dict:
        """Stores the package of a function."""
        binary = functions.pin(self.place, name)
        self.pinned.add(binary)
        return upload(self.s3, name, functions.package(binary))

    def template(self, path: pathlib.Path) -> str:
        """Stores a part; answers with its address."""
        plain = expand_http_api.expand(parts.translated(parts.packaged(path, self.code)))
        stored = upload(self.s3, path.stem, json.dumps(plain, indent=1).encode())
        return f"{self.endpoint}/{stored['Bucket']}/{stored['Key']}"


def apply(cloudformation, name: str, url: str, values: dict) -> None:
    """Creates or updates the stack and waits; an unchanged stack is fine, a failure says which resource failed."""
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except botocore.exceptions.ClientError:
        stacks = []
    exists = any(stack["StackStatus"] not in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") for stack in stacks)
    act = cloudformation.update_stack if exists else cloudformation.create_stack
    try:
        act(
            StackName=name,
            TemplateURL=url,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
    except botocore.exceptions.ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    wait(cloudformation, name)


def wait(cloudformation, name: str) -> None:
    """Returns when the stack stands as asked."""
    deadline = time.monotonic() + DEPLOY_S_MAX
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return
        if status.endswith(ENDED):
            raise SystemExit(f"the deploy of {name} ended as {status}\n{failures(cloudformation, name)}")
        time.sleep(POLL_S)
    raise SystemExit(f"the deploy of {name} took more than {DEPLOY_S_MAX} s")


def failures(cloudformation, name: str) -> str:
    """Which resources failed, and why."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return "\n".join(
        f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED")
    )


def outputs(cloudformation, name: str) -> dict:
    """The outputs of a stack."""
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def deploy(place: places.Place) -> dict:
    """Brings every part to what the template and the binaries say; answers with the root's outputs."""
    endpoint = cloud.endpoint(place)
    cloudformation = session().client("cloudformation", endpoint_url=endpoint)
    store = Store(place, endpoint)
    put_secrets(endpoint)
    root = parts.Root(parts.read(places.TEMPLATE), parameters(place))
    if own := root.own_resources():
        raise SystemExit(f"the root makes {', '.join(own)}: locally only its parts are made")
    files = parts.nested(root.template)
    for part in root.order():
        name = f"{places.STACK_NAME}-{part}"
        apply(cloudformation, name, store.template(files[part]), root.parameters(part))
        root.outputs[part] = outputs(cloudformation, name)
    functions.forget_all_but(place, store.pinned)
    return root.results()
