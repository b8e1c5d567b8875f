"""The one origin: what answers which path, and what it may say."""

import json
from typing import Any

import pytest

from chalicelib.answers import PROBLEM_TYPE
from chalicelib.bodies import TooLarge
from chalicelib.routing import Fault
from infra.parts.behaviours import BEHAVIOURS
from shared.refusals import NotFound
from shared.registration.model import TooManyAttempts
from tests.infra.conftest import Synthesised
from tests.infra.intrinsics import names

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's own policies have these ids everywhere
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.fixture
def distribution(aws: Synthesised) -> dict[str, Any]:
    [distribution] = aws.resources("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = distribution["Properties"]["DistributionConfig"]
    return config


def test_every_path_is_answered_by_the_api_but_those_of_the_bucket(distribution: dict[str, Any]) -> None:
    origins = {origin["Id"]: origin for origin in distribution["Origins"]}
    groups = {group["Id"]: group for group in distribution["OriginGroups"]["Items"]}

    default = origins[distribution["DefaultCacheBehavior"]["TargetOriginId"]]
    others = {each["PathPattern"]: each["TargetOriginId"] for each in distribution["CacheBehaviors"]}

    assert default["OriginPath"] == "/api"
    assert default["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert list(others) == [behaviour.pattern for behaviour in BEHAVIOURS]
    for behaviour in BEHAVIOURS:
        target = others[behaviour.pattern]
        if behaviour.origin == "pages":
            bucket, api = (origins[each["OriginId"]] for each in groups[target]["Members"]["Items"])
            assert groups[target]["FailoverCriteria"]["StatusCodes"]["Items"] == [404]
            assert api["OriginPath"] == "/api"
        elif behaviour.origin == "site":
            bucket = origins[target]
        else:
            assert target == distribution["DefaultCacheBehavior"]["TargetOriginId"]
            continue
        assert "OriginAccessControlId" in bucket


def test_pages_load_from_us_alone_and_may_be_shown_by_any_site(aws: Synthesised, distribution: dict[str, Any]) -> None:
    by_path = {
        each["PathPattern"]: each["ResponseHeadersPolicyId"]["Ref"]
        for each in distribution["CacheBehaviors"]
        if "ResponseHeadersPolicyId" in each
    }
    policies = aws.resources("AWS::CloudFront::ResponseHeadersPolicy")
    headers = policies[by_path["/webinarer/*"]]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    said = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]

    assert "default-src 'none'" in said
    assert "script-src 'self';" in said
    assert "frame-src https://video.example.org;" in said
    assert "frame-ancestors" not in said
    assert "unsafe" not in said
    assert by_path["/assets/*"] != by_path["/webinarer/*"]


def test_what_the_api_answers_is_never_kept_and_gets_all_but_the_host(distribution: dict[str, Any]) -> None:
    behaviour = distribution["DefaultCacheBehavior"]

    assert behaviour["CachePolicyId"] == CACHING_DISABLED
    assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
    assert len(behaviour["AllowedMethods"]) == 7


def test_errors_pass_through_as_they_are(distribution: dict[str, Any]) -> None:
    assert "CustomErrorResponses" not in distribution


def test_the_edge_proves_who_it_is_by_a_secret_that_stands_nowhere(distribution: dict[str, Any]) -> None:
    [header] = [h for origin in distribution["Origins"] for h in origin.get("OriginCustomHeaders", [])]

    assert header["HeaderName"] == "X-Origin-Secret"
    assert "{{resolve:secretsmanager:" in json.dumps(header["HeaderValue"])


def test_the_edge_tells_the_visitors_address_itself(aws: Synthesised, distribution: dict[str, Any]) -> None:
    [function] = aws.resources("AWS::CloudFront::Function")
    [association] = distribution["DefaultCacheBehavior"]["FunctionAssociations"]

    assert association["EventType"] == "viewer-request"
    assert names(association["FunctionARN"]) == function


def test_visitors_come_by_https_of_today(distribution: dict[str, Any]) -> None:
    behaviours = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]

    assert {each["ViewerProtocolPolicy"] for each in behaviours} == {"redirect-to-https"}
    assert distribution["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_the_bucket_says_that_something_is_missing_instead_of_forbidden(aws: Synthesised) -> None:
    statements = [
        statement
        for policy in aws.resources("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]

    assert {action for each in statements for action in each["Action"]} == {"s3:GetObject", "s3:ListBucket"}
    assert {str(each["Principal"]) for each in statements} == {"{'Service': 'cloudfront.amazonaws.com'}"}


@pytest.fixture
def api(aws: Synthesised) -> dict[str, Any]:
    [api] = aws.resources("AWS::Serverless::Api").values()
    properties: dict[str, Any] = api["Properties"]
    return properties


def test_the_api_is_regional_has_one_stage_and_takes_bodies_as_they_are(api: dict[str, Any]) -> None:
    assert api["EndpointConfiguration"] == "REGIONAL"
    assert api["StageName"] == "api"
    assert api["OpenApiVersion"] == "2.0"
    assert api["BinaryMediaTypes"] == ["*/*"]
    assert api["MinimumCompressionSize"] == 1024


def test_the_app_itself_finds_the_address_and_answers_a_wrong_method(api: dict[str, Any]) -> None:
    paths = api["DefinitionBody"]["paths"]

    assert paths.keys() == {"/", "/{proxy+}"}
    assert all(methods.keys() == {"x-amazon-apigateway-any-method"} for methods in paths.values())


def test_what_api_gateway_answers_itself_is_a_problem_document(api: dict[str, Any]) -> None:
    answers = api["GatewayResponses"]

    assert {"ACCESS_DENIED", "REQUEST_TOO_LARGE", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"} <= answers.keys()
    known = {PROBLEM_TYPE + refusal.kind for refusal in (Fault, NotFound, TooLarge, TooManyAttempts)}
    for answer in answers.values():
        problem = json.loads(answer["ResponseTemplates"]["application/json"])
        assert problem["type"] in {"about:blank", *known}
        assert problem["title"]
        assert str(problem.get("status")) == answer.get("StatusCode", "None")
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"


def test_the_access_log_names_routes_and_nobody(api: dict[str, Any]) -> None:
    logged = set(json.loads(api["AccessLogSetting"]["Format"]).values())

    assert "$context.resourcePath" in logged
    assert not logged & {"$context.path", "$context.identity.sourceIp", "$context.identity.userAgent"}
    assert "TracingEnabled" not in api


def test_the_api_refuses_more_than_the_account_should_pay_for(api: dict[str, Any]) -> None:
    [limits] = api["MethodSettings"]

    assert limits["HttpMethod"] == "*"
    assert 0 < limits["ThrottlingRateLimit"] < limits["ThrottlingBurstLimit"]


def test_everybody_who_signs_in_needs_a_second_factor_and_nobody_signs_up(aws: Synthesised) -> None:
    [pool] = aws.resources("AWS::Cognito::UserPool").values()
    [client] = aws.resources("AWS::Cognito::UserPoolClient").values()

    assert pool["Properties"]["MfaConfiguration"] == "ON"
    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert client["Properties"]["AllowedOAuthFlows"] == ["code"]
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["Properties"]["ExplicitAuthFlows"]
    assert client["Properties"]["CallbackURLs"] == ["https://tovholder.example.org/tovholder/login/callback"]


def test_who_is_invited_is_told_where_to_sign_in_and_with_what(aws: Synthesised) -> None:
    [pool] = aws.resources("AWS::Cognito::UserPool").values()

    mail = pool["Properties"]["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    assert "https://tovholder.example.org/tovholder/" in mail
    assert mail.count("{username}") == mail.count("{####}") == 1, "Cognito refuses a mail without them"
    assert "{link}" not in mail


def test_a_token_is_not_believed_for_long_after_its_person_is_gone(aws: Synthesised) -> None:
    [client] = aws.resources("AWS::Cognito::UserPoolClient").values()

    assert (client["Properties"]["AccessTokenValidity"], client["Properties"]["TokenValidityUnits"]["AccessToken"]) == (
        15,
        "minutes",
    )
