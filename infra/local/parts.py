"""Reads the template and its parts as AWS would: local files stored, SAM's short forms written out, the root's own values.

The root names its parts by `TemplateURL`. `sam deploy` stores each part, and CloudFormation translates it and makes it a
nested stack. The emulator cannot translate a nested template, and updating one it forgets the attributes of every
resource that stays as it is. So here SAM's own translator runs on each part, and each becomes a stack beside the others,
in the root's order and with the root's values. The files are the same, and nothing about them is said twice.
"""

import graphlib
import json
import os
import pathlib
import re
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


class UnsupportedValue(ValueError):
    """The root says something that has no meaning here; it is never left out silently."""


class Root:
    """The root template with the values of its parameters, and the outputs of the parts that stand already."""

    def __init__(self, template: dict, values: dict[str, str]):
        defaults = {name: given["Default"] for name, given in template["Parameters"].items() if "Default" in given}
        pseudo = {"AWS::AccountId": places.ACCOUNT_ID, "AWS::Region": places.REGION, "AWS::URLSuffix": "amazonaws.com"}
        self.template = template
        self.values = {name: str(value) for name, value in (pseudo | defaults | values).items()}
        self.outputs: dict[str, dict[str, str]] = {}

    def order(self) -> list[str]:
        """The parts, each after those that it depends on or takes an output of."""
        sorter: graphlib.TopologicalSorter = graphlib.TopologicalSorter()
        names = nested(self.template)
        for name in names:
            resource = self.template["Resources"][name]
            stated = resource.get("DependsOn", [])
            before = {stated} if isinstance(stated, str) else set(stated)
            text = json.dumps(resource["Properties"])
            sorter.add(name, *before, *(other for other in names if f'"{other}", "Outputs.' in text))
        return list(sorter.static_order())

    def own_resources(self) -> list[str]:
        """What the root makes besides its parts, with these values."""
        return [
            name
            for name, resource in self.template["Resources"].items()
            if resource["Type"] != NESTED and ("Condition" not in resource or self.holds(resource["Condition"]))
        ]

    def parameters(self, part: str) -> dict[str, str]:
        """What the root gives to a part."""
        given = self.template["Resources"][part]["Properties"]["Parameters"]
        return {name: self.value(value) for name, value in given.items()}

    def results(self) -> dict[str, str]:
        """The root's outputs, once every part stands."""
        return {name: self.value(output["Value"]) for name, output in self.template["Outputs"].items()}

    def holds(self, condition: str) -> bool:
        """Whether a condition of the root is true."""
        match self.template["Conditions"][condition]:
            case {"Fn::Equals": [one, other]}:
                return self.value(one) == self.value(other)
            case other:
                raise UnsupportedValue(f"condition {condition}: {other}")

    def value(self, expression: object) -> str:
        """A value of the root, evaluated.

        Errors: `UnsupportedValue` for a function of CloudFormation that the root has not used so far.
        """
        match expression:
            case str():
                return expression
            case {"Ref": str(name)} if name in self.values:
                return self.values[name]
            case {"Fn::GetAtt": [part, attribute]}:
                return self.outputs[part][attribute.removeprefix("Outputs.")]
            case {"Fn::If": [condition, one, other]}:
                return self.value(one if self.holds(condition) else other)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: self.named(found[1]), text)
            case _:
                raise UnsupportedValue(str(expression))

    def named(self, name: str) -> str:
        """What stands for `${name}`."""
        part, _, attribute = name.partition(".")
        return self.value({"Fn::GetAtt": [part, attribute]} if attribute else {"Ref": name})
