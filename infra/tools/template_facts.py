"""What the templates say of each function: its routes, trigger, size, rights and variables.

Every `infra/*.yaml` is read: which part a function stands in makes no difference. Nothing is evaluated; a name is taken
from the text of a reference, so the naming convention (`LedgerTable`, `..-ledger`) is all that has to hold.
"""

import dataclasses
import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The path of the route that takes what no other route takes.
DEFAULT_PATH = "$default"

# DynamoDB, S3 and the other services by the words that a manifest's `needs` uses.
READS = {"GetItem", "BatchGetItem", "Query", "Scan"}
WORDS = {
    "s3:GetObject": "media:get",
    "s3:PutObject": "media:put",
    "s3:DeleteObject": "media:delete",
    "s3:ListBucket": "media:list",
    "states:StartExecution": "{name}:start",
    "states:DescribeExecution": "{name}:describe",
    "states:StopExecution": "{name}:stop",
    "sqs:SendMessage": "{name}:send",
    "sqs:ReceiveMessage": "{name}:receive",
    "ses:SendEmail": "mail:send",
    "secretsmanager:GetSecretValue": "secret:{name}",
    "cognito-idp:AdminGetUser": "people:read",
    "cognito-idp:AdminSetUserPassword": "people:set-password",
    "cognito-idp:AdminUserGlobalSignOut": "people:sign-out",
}
# What receiving from a queue takes besides `sqs:ReceiveMessage`.
SILENT = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"}


@dataclasses.dataclass(frozen=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    public: bool


@dataclasses.dataclass(frozen=True)
class Facts:
    """One function as the templates describe it."""

    name: str
    memory_mb: int
    timeout_s: int
    routes: frozenset[Route]
    trigger: str
    source: str
    needs: frozenset[str]
    variables: frozenset[str]


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short tags; the reader in C, which takes a tenth of the time."""


def _tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict:
    """`!Ref X` as `{"Ref": "X"}`, any other `!Tag` as `{"Fn::Tag": ..}`."""
    if isinstance(node, yaml.ScalarNode):
        value: object = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def load(folder: pathlib.Path) -> list[dict]:
    """Every template of a folder and of those below it."""
    texts = [path.read_text() for path in sorted(folder.rglob("*.yaml"))]
    # The loader is the safe one with tags.
    return [part for part in (yaml.load(text, _Loader) for text in texts) if "Resources" in part]  # noqa: S506


def facts(root: pathlib.Path = ROOT) -> dict[str, Facts]:
    """Every function of the templates by its name."""
    parts = load(root / "infra")
    machines = machine_functions(parts)
    policies = {}
    for part in parts:
        for name, resource in part["Resources"].items():
            if resource["Type"] == "AWS::IAM::ManagedPolicy":
                policies[name] = resource["Properties"]["PolicyDocument"]
    found = {}
    for part in parts:
        common = part.get("Globals", {}).get("Function", {})
        for logical, resource in part["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                one = function(logical, resource["Properties"], common, policies, machines)
                found[one.name] = one
    return found


def machine_functions(parts: list[dict]) -> dict[str, str]:
    """The state machine that each logical id of a function is given to."""
    found = {}
    for part in parts:
        for resource in part["Resources"].values():
            if resource["Type"] == "AWS::Serverless::StateMachine":
                machine = text_of(resource["Properties"]["Name"]).rpartition("}-")[2]
                for arn in resource["Properties"]["DefinitionSubstitutions"].values():
                    found[text_of(arn).removesuffix(".Arn")] = machine
    return found


def function(logical: str, own: dict, common: dict, policies: dict, machines: dict[str, str]) -> Facts:
    """One `AWS::Serverless::Function`."""
    routes, trigger, source = set(), "operator", ""
    for event in own.get("Events", {}).values():
        properties = event["Properties"]
        if event["Type"] == "HttpApi":
            public = properties.get("Auth", {}).get("Authorizer") == "NONE"
            # SAM's words for every method of a path, and for every path that has no route.
            routes.add(Route(properties.get("Method", "ANY"), properties.get("Path", DEFAULT_PATH), public))
            trigger = "route"
        elif event["Type"] == "SQS":
            trigger, source = "queue", queue_name(text_of(properties["Queue"]))
        elif event["Type"] == "ScheduleV2":
            trigger, source = "schedule", properties["ScheduleExpression"]
        else:
            raise ValueError(f"{logical}: an event of type {event['Type']} is not known here")
    if logical in machines:
        trigger, source = "step", machines[logical]
    elif logical == "AuthorizerFunction":
        trigger = "authorizer"
    variables = common.get("Environment", {}).get("Variables", {}) | own.get("Environment", {}).get("Variables", {})
    return Facts(
        name=text_of(own["FunctionName"]).rpartition("}-")[2],
        memory_mb=own.get("MemorySize", common.get("MemorySize", 128)),
        timeout_s=own.get("Timeout", common.get("Timeout", 3)),
        routes=frozenset(routes),
        trigger=trigger,
        source=source,
        needs=frozenset(needs(statements(own.get("Policies", []), policies))),
        variables=frozenset(variables),
    )


def text_of(value: object) -> str:
    """A value or a reference as the text that names it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        return text_of(next(iter(value.values())))
    return json.dumps(value)


def statements(attached: list, policies: dict) -> list[dict]:
    """The statements of a function's policies, those of managed policies too."""
    found = []
    for policy in attached:
        if isinstance(policy, dict) and "Statement" in policy:
            document = policy
        else:
            document = policies[managed_name(text_of(policy), policies)]
        found.extend(as_list(document["Statement"]))
    return found


def managed_name(reference: str, policies: dict) -> str:
    """The managed policy that a reference means: its logical id, or an ARN that ends with its name."""
    plain = re.sub(r"\W", "", reference.rpartition("}-")[2] or reference).lower()
    for name in policies:
        if name == reference or name.lower().removesuffix("policy") == plain.removesuffix("policy"):
            return name
    raise ValueError(f"no template has the policy {reference}")


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def needs(granted: list[dict]) -> set[str]:
    """What the statements allow, in the words of `function.toml`."""
    tables: dict[str, set[str]] = {}
    words = set()
    for statement in granted:
        for action in as_list(statement["Action"]):
            for resource in map(text_of, as_list(statement["Resource"])):
                service, _, call = action.partition(":")
                if service == "dynamodb":
                    tables.setdefault(table_name(resource), set()).add(call)
                elif action not in SILENT:
                    words.add(word(action, resource))
    for table, calls in tables.items():
        words.add(table_word(table, calls))
    return words


def table_word(table: str, calls: set[str]) -> str:
    """`ledger:read`; the ephemeral table by what it is used for, since its rows are of two kinds."""
    if table == "ephemeral" and calls == {"UpdateItem"}:
        return "call-windows"
    if table == "ephemeral" and "PutItem" in calls:
        return "answers-once"
    return f"{table}:{'read' if calls <= READS else 'write'}"


def word(action: str, resource: str) -> str:
    """One action on one resource."""
    if action not in WORDS:
        raise ValueError(f"{action} has no word in {pathlib.Path(__file__).name}")
    if action.startswith("sqs:"):
        name = queue_name(resource)
    elif action.startswith("states:"):
        name = re.sub(r"^.*}-|:\*$", "", resource)
    else:
        # `..:secret:${Prefix}/stripe-??????`: AWS adds a hyphen and six characters to a secret's name. All secrets of a
        # folder are `..:secret:${Prefix}/image/*`.
        name = re.sub(r"^.*}/|-\?+$", "", resource)
    return WORDS[action].format(name=name)


def table_name(resource: str) -> str:
    match = re.search(r"(Ledger|Studio|Ephemeral)Table|-(ledger|studio|ephemeral)\b", resource)
    if not match:
        raise ValueError(f"{resource} is no table that is known here")
    return (match[1] or match[2]).lower()


def queue_name(reference: str) -> str:
    """`PaymentEventsQueue.Arn` as `payment-events`."""
    if match := re.search(r"(\w+)Queue\b", reference):
        return re.sub(r"(?<!^)(?=[A-Z])", "-", match[1]).lower()
    return reference.rpartition("}-")[2]
