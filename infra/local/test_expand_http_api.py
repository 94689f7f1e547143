"""Tests of `expand_http_api`."""

import copy
import unittest

import expand_http_api
from expand_http_api import UnsupportedBody, expand

URI = {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/f/${JobFunction.Arn}/invocations"}


def operation(scheme: str) -> dict:
    return {
        "x-amazon-apigateway-integration": {
            "httpMethod": "POST",
            "type": "aws_proxy",
            "uri": URI,
            "payloadFormatVersion": "2.0",
        },
        "security": [{scheme: []}],
        "responses": {},
    }


def template() -> dict:
    body = {
        "openapi": "3.0.1",
        "info": {"title": "reelsmith", "version": "1.0"},
        "x-amazon-apigateway-cors": {"allowOrigins": ["https://app.example"]},
        "components": {
            "securitySchemes": {
                "Callers": {
                    "x-amazon-apigateway-authorizer": {
                        "type": "request",
                        "authorizerUri": URI,
                        "authorizerResultTtlInSeconds": 0,
                        "authorizerPayloadFormatVersion": "2.0",
                        "enableSimpleResponses": True,
                        "identitySource": [],
                    }
                }
            }
        },
        "paths": {
            "/v1/health": {"get": operation("NONE")},
            "/v1/jobs/{job_id}": {"get": operation("Callers"), "delete": operation("Callers")},
        },
    }
    return {
        "Outputs": {"ApiId": {"Value": {"Ref": "Api"}}},
        "Resources": {
            "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "ledger"}},
        },
    }


class Expand(unittest.TestCase):
    def of_type(self, expanded: dict, kind: str) -> dict:
        return {
            name: resource["Properties"]
            for name, resource in expanded["Resources"].items()
            if resource["Type"] == f"AWS::ApiGatewayV2::{kind}"
        }

    def test_every_method_of_every_path_becomes_a_route_to_its_own_integration(self):
        expanded = expand(template())
        routes = self.of_type(expanded, "Route")
        self.assertEqual(
            sorted(route["RouteKey"] for route in routes.values()),
            ["DELETE /v1/jobs/{job_id}", "GET /v1/health", "GET /v1/jobs/{job_id}"],
        )
        for route in routes.values():
            target = route["Target"]["Fn::Join"][1][1]["Ref"]
            self.assertEqual(expanded["Resources"][target]["Properties"]["IntegrationUri"], URI)

    def test_a_path_with_every_method_and_the_default_route(self):
        given = template()
        paths = given["Resources"]["Api"]["Properties"]["Body"]["paths"]
        paths["/v1/things"] = {expand_http_api.ANY: operation("Callers")}
        paths["$default"] = {expand_http_api.ANY: operation("NONE") | {"isDefaultRoute": True}}
        routes = self.of_type(expand(given), "Route")
        self.assertEqual(routes["ApiAnyV1ThingsRoute"]["RouteKey"], "ANY /v1/things")
        self.assertEqual(routes["ApiAnyDefaultRoute"]["RouteKey"], "$default")
        self.assertEqual(routes["ApiAnyDefaultRoute"]["AuthorizationType"], "NONE")

    def test_a_public_path_has_no_authorizer_and_every_other_has_one(self):
        routes = self.of_type(expand(template()), "Route")
        self.assertEqual(routes["ApiGetV1HealthRoute"]["AuthorizationType"], "NONE")
        self.assertNotIn("AuthorizerId", routes["ApiGetV1HealthRoute"])
        self.assertEqual(routes["ApiDeleteV1JobsJobIdRoute"]["AuthorizationType"], "CUSTOM")
        self.assertEqual(routes["ApiDeleteV1JobsJobIdRoute"]["AuthorizerId"], {"Ref": "ApiCallersAuthorizer"})

    def test_the_authorizer_keeps_its_settings(self):
        (authorizer,) = self.of_type(expand(template()), "Authorizer").values()
        self.assertEqual(authorizer["AuthorizerType"], "REQUEST")
        self.assertEqual(authorizer["AuthorizerResultTtlInSeconds"], 0)
        self.assertTrue(authorizer["EnableSimpleResponses"])

    def test_the_api_keeps_name_and_cors_and_loses_its_body(self):
        (api,) = self.of_type(expand(template()), "Api").values()
        self.assertEqual(api["Name"], "reelsmith")
        self.assertEqual(api["CorsConfiguration"], {"allowOrigins": ["https://app.example"]})
        self.assertNotIn("Body", api)

    def test_everything_else_stays_and_the_input_is_not_touched(self):
        given = template()
        before = copy.deepcopy(given)
        expanded = expand(given)
        self.assertEqual(given, before)
        self.assertEqual(expanded["Resources"]["Table"], given["Resources"]["Table"])
        self.assertEqual(expanded["Outputs"], given["Outputs"])

    def test_the_same_input_gives_the_same_output(self):
        self.assertEqual(expand(template()), expand(template()))

    def test_an_operation_without_a_word_about_callers_is_refused(self):
        given = template()
        del given["Resources"]["Api"]["Properties"]["Body"]["paths"]["/v1/health"]["get"]["security"]
        with self.assertRaises(UnsupportedBody):
            expand(given)

    def test_what_it_does_not_know_is_refused(self):
        given = template()
        given["Resources"]["Api"]["Properties"]["Body"]["x-amazon-apigateway-importexport-version"] = "1.0"
        with self.assertRaises(UnsupportedBody):
            expand(given)
        given = template()
        schemes = given["Resources"]["Api"]["Properties"]["Body"]["components"]["securitySchemes"]
        schemes["Callers"]["x-amazon-apigateway-authorizer"]["type"] = "jwt"
        with self.assertRaises(UnsupportedBody):
            expand(given)

    def test_logical_names_are_alphanumeric(self):
        self.assertEqual(expand_http_api.logical("/v1/api-keys/{key_id}"), "V1ApiKeysKeyId")


if __name__ == "__main__":
    unittest.main()
