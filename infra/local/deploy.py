"""Deploys `infra/template.yaml` to the local cloud; runs inside the project's own environment.

SAM's own translator turns the template into plain CloudFormation, `expand_http_api` closes the one gap, and a change set
brings the stack there: what differs from `sam deploy` is only that forty packages are not zipped and sent again. A
deploy of what is deployed already is refused by comparing hashes before this is called.
"""

import hashlib
import json
import os
import pathlib
import time

import boto3
import botocore.config
import botocore.exceptions
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

import cloud
import expand_http_api
import functions
import places
import vendors

ARTEFACTS = "reelsmith-artefacts"
# Any secret opens the root of an emulator; the name says that it is worth nothing.
SECRET = "local"
DEPLOY_S_MAX = 300
POLL_S = 0.2
ENDED = ("COMPLETE", "FAILED")


class NoManagedPolicies:
    """SAM asks for the account's managed policies; the two that it adds by itself are spelled out as ARNs below."""

    def load(self) -> dict:
        return {
            "AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "AWSXRayDaemonWriteAccess": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
        }


def session() -> boto3.Session:
    """The local cloud's root: an access key that is an account's number is that account."""
    return boto3.Session(
        aws_access_key_id=places.ACCOUNT_ID, aws_secret_access_key=SECRET, region_name=places.REGION
    )


def parameters(place: places.Place) -> dict:
    """What this machine is to the template."""
    tools = place.tools
    return {
        "Arch": "x86_64",
        "UserPoolKeysUrl": cloud.endpoint(place),
        "MediaToolsLayer": "false",
        "FfmpegPath": str(tools / "ffmpeg"),
        "FontsDir": str(tools / "fonts"),
        "SpeakWordsPath": str(tools / "speak-words"),
        "EspeakLibPath": str(tools / "espeak" / "libespeak-ng.so"),
        "EspeakDataDir": str(tools / "espeak" / "espeak-ng-data"),
    } | vendors.parameters(place)


def upload(s3, name: str, body: bytes) -> dict:
    """Stores an artefact under the hash of its content."""
    key = f"{name}/{hashlib.sha256(body).hexdigest()}"
    s3.put_object(Bucket=ARTEFACTS, Key=key, Body=body)
    return {"Bucket": ARTEFACTS, "Key": key}


def packaged(place: places.Place, s3) -> tuple[dict, set[pathlib.Path]]:
    """The template with its local files stored or written in, and the binaries it now names."""
    template = yaml_parse(places.TEMPLATE.read_text())
    pinned = set()
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                name = pathlib.PurePath(properties["CodeUri"]).name
                binary = functions.pin(place, name)
                pinned.add(binary)
                properties["CodeUri"] = upload(s3, name, functions.package(binary))
            case "AWS::Serverless::StateMachine":
                definition = places.TEMPLATE.parent / properties.pop("DefinitionUri")
                properties["Definition"] = json.loads(definition.read_text())
            case "AWS::Serverless::LayerVersion":
                # Its condition is false here; SAM still wants to see where it would be.
                properties["ContentUri"] = {"Bucket": ARTEFACTS, "Key": "none"}
    return template, pinned


def translated(template: dict, values: dict) -> dict:
    """Plain CloudFormation with every HTTP API written out."""
    # The translator has no argument for the region.
    os.environ["AWS_DEFAULT_REGION"] = places.REGION
    plain = transform(template, dict(values), NoManagedPolicies())
    plain.pop("Transform", None)
    return expand_http_api.expand(plain)


def apply(cloudformation, url: str, values: dict) -> None:
    """Creates or updates the stack and waits; an unchanged stack is fine, a failure says which resource failed."""
    try:
        stacks = cloudformation.describe_stacks(StackName=places.STACK_NAME)["Stacks"]
    except botocore.exceptions.ClientError:
        stacks = []
    exists = any(stack["StackStatus"] not in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") for stack in stacks)
    act = cloudformation.update_stack if exists else cloudformation.create_stack
    try:
        act(
            StackName=places.STACK_NAME,
            TemplateURL=url,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
    except botocore.exceptions.ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    wait(cloudformation)


def wait(cloudformation) -> None:
    """Returns when the stack stands as asked."""
    deadline = time.monotonic() + DEPLOY_S_MAX
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=places.STACK_NAME)["Stacks"][0]["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return
        if status.endswith(ENDED):
            raise SystemExit(f"the deploy ended as {status}\n{failures(cloudformation)}")
        time.sleep(POLL_S)
    raise SystemExit(f"the deploy took more than {DEPLOY_S_MAX} s")


def failures(cloudformation) -> str:
    """Which resources failed, and why."""
    events = cloudformation.describe_stack_events(StackName=places.STACK_NAME)["StackEvents"]
    return "\n".join(
        f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED")
    )


def outputs(cloudformation) -> dict:
    """The stack's outputs."""
    stack = cloudformation.describe_stacks(StackName=places.STACK_NAME)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def deploy(place: places.Place) -> dict:
    """Brings the stack to what the template and the binaries say; answers with its outputs."""
    endpoint = cloud.endpoint(place)
    path_style = botocore.config.Config(s3={"addressing_style": "path"})
    s3 = session().client("s3", endpoint_url=endpoint, config=path_style)
    cloudformation = session().client("cloudformation", endpoint_url=endpoint)
    s3.create_bucket(Bucket=ARTEFACTS)
    template, pinned = packaged(place, s3)
    values = parameters(place)
    body = json.dumps(translated(template, values), indent=1).encode()
    stored = upload(s3, "template", body)
    apply(cloudformation, f"{endpoint}/{stored['Bucket']}/{stored['Key']}", values)
    functions.forget_all_but(place, pinned)
    return outputs(cloudformation)

