"""One stack for all: AWS, the emulator, another network."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.config import Deployment, DeploymentRefused
from tests.infra.conftest import AWS, LOCAL, Synthesised, synthesise

# Whatever else differs is a mistake: what is tested in the emulator must be what runs in AWS.
ONLY_IN_AWS = {
    "AWS::CloudFront::Function",  # the local forwarder tells the visitor's address: only it sees the visitor
    "AWS::Cognito::ManagedLoginBranding",  # the emulator knows none
    # Policies that do nothing but refuse plain http, which is all the emulator speaks:
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
}
DIFFERENT = {
    "AWS::CloudFront::Distribution": {"DistributionConfig"},  # http, the emulator's address, no function
    "AWS::Cognito::UserPool": {"DeletionProtection", "MfaConfiguration", "EnabledMfas"},
    "AWS::Cognito::UserPoolClient": {"AccessTokenValidity", "ExplicitAuthFlows"},  # for `make token`
    "AWS::DynamoDB::Table": {"DeletionProtectionEnabled"},
    "AWS::IAM::Policy": {"PolicyDocument"},  # no traces; mail from any identity, which the emulator cannot tell
    "AWS::Lambda::Function": {"Architectures", "Environment", "TracingConfig"},
    "AWS::Serverless::Api": {"DefinitionBody"},  # all methods named, for "any" is unknown to the emulator
    "AWS::Serverless::Function": {"Architectures", "Environment", "Tracing"},
    "AWS::S3::BucketPolicy": {"PolicyDocument"},  # plain http
    "AWS::SNS::TopicPolicy": {"PolicyDocument"},
    "AWS::SQS::QueuePolicy": {"PolicyDocument"},
}


def test_the_local_stack_differs_only_where_the_emulator_does(aws: Synthesised, local: Synthesised) -> None:
    ours, theirs = aws.template["Resources"], local.template["Resources"]

    missing = {ours[id]["Type"] for id in ours.keys() - theirs.keys()}
    different: dict[str, set[str]] = {}
    for id in ours.keys() & theirs.keys():
        for name in _different(ours[id].get("Properties", {}), theirs[id].get("Properties", {})):
            different.setdefault(ours[id]["Type"], set()).add(name)

    assert not theirs.keys() - ours.keys()
    assert missing == ONLY_IN_AWS
    assert different == DIFFERENT


def test_locally_the_same_variables_are_set_to_the_emulators_values(aws: Synthesised, local: Synthesised) -> None:
    different: dict[str, set[str]] = {}
    for name in aws.functions:
        ours, theirs = (each.functions[name]["Environment"]["Variables"] for each in (aws, local))
        different[name] = _different(ours, theirs)

    assert different.pop("web") == {"POWERTOOLS_TRACE_DISABLED", "SIGN_IN_URL", "TOKEN_KEYS_URL"}
    assert all(names == {"POWERTOOLS_TRACE_DISABLED"} for names in different.values())


def test_nothing_of_the_emulator_is_in_the_template_for_aws(aws: Synthesised) -> None:
    template = json.dumps(aws.template)

    assert not [trace for trace in ("127.0.0.1", "localhost", "_aws/", "4566") if trace in template]


def test_the_template_for_aws_asks_for_no_values(aws: Synthesised) -> None:
    assert all("Default" in parameter for parameter in aws.template["Parameters"].values())


def test_outputs_tell_what_a_person_and_the_local_run_need(local: Synthesised) -> None:
    assert {
        "ApiId",
        "ApiStage",
        "DistributionDomain",
        "DistributionId",
        "FilesBucket",
        "FunctionNames",
        "MailConfigurationSet",
        "MailIdentity",
        "MailTopicArn",
        "QueueUrls",
        "SiteBucket",
        "TableName",
        "UserPoolClientId",
        "UserPoolId",
    } <= local.template["Outputs"].keys()


def test_another_network_deploys_the_same_stack(tmp_path: Path) -> None:
    profile = tmp_path / "network.toml"
    text = Path("network.toml").read_text(encoding="utf-8")
    profile.write_text(text.replace("db2030.example.org", "nordic.example.net"), encoding="utf-8")

    other = synthesise({"stage": "nordic", "base_url": "https://learn.example.net", "network": profile}, tmp_path)

    [identity] = other.resources("AWS::SES::EmailIdentity").values()
    assert identity["Properties"]["EmailIdentity"] == "nordic.example.net"
    assert other.functions["web"]["Environment"]["Variables"]["BASE_URL"] == "https://learn.example.net"


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"stage": "prod"}, "base_url must be the public https"),  # the sample profile's is a local address
        ({"base_url": "https://tovholder.example.org"}, "stage: Field required"),
        (AWS | {"base_url": "https://tovholder.example.org/"}, "base_url: String should match"),
        (AWS | {"certificate_arn": None}, "domain_name and certificate_arn belong together"),
        (AWS | {"keys_url": "http://127.0.0.1:4566"}, "no other may have it"),
        (LOCAL | {"keys_url": None}, "a local deployment needs it"),
        (AWS | {"network": "nowhere.toml"}, "there is no profile"),
        (AWS | {"certificate_arn": "arn:aws:acm:eu-north-1:111122223333:certificate/x"}, "certificate_arn: String"),
    ],
)
def test_a_deployment_that_cannot_work_is_refused_by_name(context: dict[str, Any], told: str) -> None:
    with pytest.raises(DeploymentRefused, match=told):
        Deployment.from_context(context.get)


def test_a_layer_that_was_not_built_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeploymentRefused, match="build the layer first"):
        _ = Deployment.from_context((AWS | {"layer": tmp_path}).get).layer_path


def _different(ours: dict[str, Any], theirs: dict[str, Any]) -> set[str]:
    return {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}
