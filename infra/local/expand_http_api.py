"""Turns the OpenAPI body of an HTTP API into the resources that it stands for.

CloudFormation imports the `Body` that SAM writes for `HttpApi` events; MiniStack ignores it, and the API would have no
routes. This step runs on the template that SAM has already translated, so what is expanded is exactly what AWS would
import. Pure: one template in, another out, nothing else touched; the same input gives the same output.

Errors: `UnsupportedBody` for anything that AWS would import and this step does not know; it is never left out silently.
"""

import copy
import re

ANY = "x-amazon-apigateway-any-method"
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", ANY)
DEFAULT = "$default"
INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
CORS = "x-amazon-apigateway-cors"
KNOWN_KEYS = {"openapi", "info", "paths", "components", "tags", CORS}


class UnsupportedBody(ValueError):
    """The body holds something that has no expansion here."""


def expand(template: dict) -> dict:
    """The template with every HTTP API written out as API, authorizers, integrations and routes."""
    expanded = copy.deepcopy(template)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource.get("Properties", {}):
            body = resource["Properties"]["Body"]
            unknown = set(body) - KNOWN_KEYS
            if unknown:
                raise UnsupportedBody(f"{name}: {', '.join(sorted(unknown))}")
            expanded["Resources"][name] = api(resource, body)
            expanded["Resources"].update(authorizers(name, body))
            expanded["Resources"].update(routes(name, body))
    return expanded


def api(resource: dict, body: dict) -> dict:
    """The API itself. MiniStack keeps the CORS settings as they are given and reads the API's own spelling."""
    kept = {key: value for key, value in resource["Properties"].items() if key not in ("Body", "FailOnWarnings")}
    properties = {"Name": body["info"]["title"], "ProtocolType": "HTTP"} | kept
    if CORS in body:
        properties["CorsConfiguration"] = body[CORS]
    return resource | {"Properties": properties}


def authorizers(api_name: str, body: dict) -> dict:
    """One authorizer per security scheme."""
    made = {}
    for scheme_name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        settings = scheme.get(AUTHORIZER, {})
        if settings.get("type") != "request":
            raise UnsupportedBody(f"{api_name}: authorizer {scheme_name} is not a Lambda authorizer")
        made[authorizer_name(api_name, scheme_name)] = {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": api_name},
                "Name": scheme_name,
                "AuthorizerType": "REQUEST",
                "AuthorizerUri": settings["authorizerUri"],
                "AuthorizerPayloadFormatVersion": settings["authorizerPayloadFormatVersion"],
                "AuthorizerResultTtlInSeconds": settings.get("authorizerResultTtlInSeconds", 300),
                "EnableSimpleResponses": settings.get("enableSimpleResponses", False),
                "IdentitySource": settings.get("identitySource", []),
            },
        }
    return made


def routes(api_name: str, body: dict) -> dict:
    """One integration and one route per path and method."""
    made = {}
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            if method not in METHODS:
                raise UnsupportedBody(f"{api_name}: {method} of {path}")
            verb = "any" if method == ANY else method
            name = f"{api_name}{verb.capitalize()}{logical(path)}"
            made[f"{name}Integration"] = integration(api_name, path, operation)
            made[f"{name}Route"] = {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": api_name},
                    "RouteKey": DEFAULT if path == DEFAULT else f"{verb.upper()} {path}",
                    "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{name}Integration"}]]},
                    **security(api_name, path, operation),
                },
            }
    return made


def integration(api_name: str, path: str, operation: dict) -> dict:
    """The Lambda proxy behind an operation."""
    settings = operation.get(INTEGRATION, {})
    if settings.get("type") != "aws_proxy":
        raise UnsupportedBody(f"{api_name}: {path} is not a Lambda proxy")
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api_name},
            "IntegrationType": "AWS_PROXY",
            "IntegrationMethod": settings["httpMethod"],
            "IntegrationUri": settings["uri"],
            "PayloadFormatVersion": settings["payloadFormatVersion"],
        },
    }


def security(api_name: str, path: str, operation: dict) -> dict:
    """Who may call: nobody is let in by an omission, so a missing or double statement is an error."""
    schemes = [name for entry in operation.get("security", []) for name in entry]
    if len(schemes) != 1:
        raise UnsupportedBody(f"{api_name}: {path} must name one authorizer, or NONE")
    if schemes[0] == "NONE":
        return {"AuthorizationType": "NONE"}
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": authorizer_name(api_name, schemes[0])}}


def authorizer_name(api_name: str, scheme_name: str) -> str:
    return f"{api_name}{scheme_name}Authorizer"


def logical(path: str) -> str:
    """`/v1/jobs/{job_id}/cancel` as `V1JobsJobIdCancel`; distinct, because braces and dashes never tell two paths apart."""
    return "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", path) if word)
