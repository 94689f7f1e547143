"""Reads the template and its parts as AWS would: local files stored, SAM's short forms written out.

The root names its parts by `TemplateURL`. `sam deploy` stores each part and lets CloudFormation translate it; MiniStack
cannot translate a nested template, so here SAM's own translator runs on each part before it is stored. Nothing else
differs: the same files, the same order, one stack with nested ones.
"""

import json
import os
import pathlib
from collections.abc import Callable

import places
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# Resources of one part after translation; CloudFormation takes 500, MiniStack's written-out routes included.
RESOURCES_MAX = 200
NESTED = "AWS::CloudFormation::Stack"


class NoManagedPolicies:
    """SAM asks for the account's managed policies; the ones that it adds by itself are spelled out as ARNs below."""

    def load(self) -> dict:
        return {
            "AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "AWSXRayDaemonWriteAccess": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
        }


def read(path: pathlib.Path) -> dict:
    """A template file, with CloudFormation's tags as the functions they stand for."""
    return yaml_parse(path.read_text())


def nested(root: dict) -> dict[str, pathlib.Path]:
    """The files of the nested stacks, by their names in the root."""
    return {
        name: places.INFRA / resource["Properties"]["TemplateURL"]
        for name, resource in root["Resources"].items()
        if resource["Type"] == NESTED
    }


def packaged(path: pathlib.Path, store_code: Callable[[str], dict]) -> dict:
    """A template file with its local files stored or written in; `store_code` stores a function by its name."""
    template = read(path)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                properties["CodeUri"] = store_code(pathlib.PurePath(properties["CodeUri"]).name)
            case "AWS::Serverless::StateMachine":
                definition = path.parent / properties.pop("DefinitionUri")
                properties["Definition"] = json.loads(definition.read_text())
            case "AWS::Serverless::LayerVersion":
                # Its condition is false on a laptop; SAM still wants to see where it would be.
                properties["ContentUri"] = {"Bucket": "none", "Key": "none"}
    return template


def translated(template: dict) -> dict:
    """Plain CloudFormation: what SAM makes of a template."""
    # The translator has no argument for the region.
    os.environ["AWS_DEFAULT_REGION"] = places.REGION
    plain = transform(template, {}, NoManagedPolicies())
    plain.pop("Transform", None)
    return plain
