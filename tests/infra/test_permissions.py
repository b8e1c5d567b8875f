"""Least privilege: who may do what, and that nobody may do anything."""

import re
from typing import Any

from infra.config import ROOT
from tests.infra.conftest import Synthesised
from tests.infra.intrinsics import names, resolved

LOOKING_INTO_THE_SENDER = {"ses:GetIdentityDkimAttributes", "ses:GetIdentityMailFromDomainAttributes"}
# Where AWS knows no smaller resource.
ONLY_ON_EVERYTHING = LOOKING_INTO_THE_SENDER | {
    *("dynamodb:ListStreams", "scheduler:ListSchedules", "xray:PutTelemetryRecords", "xray:PutTraceSegments")
}
# Schedules of our own group, whose names are made at run time.
OF_OUR_GROUP = {"scheduler:CreateSchedule", "scheduler:DeleteSchedule"}


# Files of a kind, whose names are made at run time.
OF_A_KIND = {f"s3:{action}Object" for action in ("Delete", "Get", "Put")} | {
    *("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
}


def test_no_action_is_a_wildcard(aws: Synthesised) -> None:
    assert not [action for _, each in aws.statements for action in _listed(each["Action"]) if "*" in action]


def test_a_permission_on_everything_is_one_that_aws_knows_no_smaller_form_of(aws: Synthesised) -> None:
    everywhere = {
        action
        for _, statement in aws.statements
        for action in _listed(statement["Action"])
        if "*" in str(statement["Resource"])
    }

    assert everywhere <= ONLY_ON_EVERYTHING | OF_OUR_GROUP | OF_A_KIND


def test_files_are_for_those_who_need_them(aws: Synthesised) -> None:
    allowed = {
        (re.sub("Function.*|Role.*", "", policy), action.removeprefix("s3:"), resolved(resource))
        for policy, statement in aws.statements
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
        if action.startswith("s3:")
    }

    files, site = (next(id for id in aws.resources("AWS::S3::Bucket") if name in id) for name in ("Files", "Site"))
    assert allowed == {
        ("Web", "GetObject", f"{files}/captions/*"),
        ("Web", "PutObject", f"{files}/captions/*"),
        ("Web", "DeleteObject", f"{files}/captions/*"),
        *(("Web", f"{action}Object", f"{files}/recordings/*") for action in ("Get", "Put", "Delete")),
        ("Web", "AbortMultipartUpload", f"{files}/recordings/*"),
        ("Web", "ListMultipartUploadParts", f"{files}/recordings/*"),
        ("Web", "DeleteObject", f"{files}/posters/*"),
        *(("Web", f"{action}Object", f"{files}/arrivals/*") for action in ("Get", "Put")),
        *(("Web", f"{action}Object", f"{files}/documents/*") for action in ("Get", "Put", "Delete")),
        *(
            ("DeleteExpired", "DeleteObject", f"{files}/{kind}/*")
            for kind in ("captions", "recordings", "posters", "documents")
        ),
        ("DeleteExpired", "ListBucket", files),
        ("CheckRecording", "GetObject", f"{files}/recordings/*"),
        ("CheckRecording", "DeleteObject", f"{files}/recordings/*"),
        ("CheckRecording", "PutObject", f"{files}/posters/*"),
        ("CheckRecording", "DeleteObject", f"{files}/posters/*"),
        ("Web", "GetObject", f"{site}/webinarer/katalog.json"),
        ("Web", "ListBucket", site),
        *(
            ("GenerateCatalogue", "GetObject", f"{files}/{kind}/*")
            for kind in ("captions", "recordings", "posters", "documents")
        ),
        ("GenerateCatalogue", "ListBucket", site),
        *(("GenerateCatalogue", f"{action}Object", f"{site}/*") for action in ("Get", "Put", "Delete")),
    }


def test_each_function_may_do_to_the_table_what_it_does_and_no_more(aws: Synthesised) -> None:
    allowed = {name: _on_table(aws, name) for name in aws.functions}

    write = {"GetItem", "PutItem", "UpdateItem"}
    line = write | {"DeleteItem", "Query"}
    whole = line | {"BatchGetItem", "ConditionCheckItem"}
    assert allowed == {
        "relay_outbox": {"UpdateItem"},
        "sweep_outbox": {"UpdateItem", "Query unsent"},
        "send_messages": write | {"BatchGetItem", "DeleteItem", "Query", "Query person"},
        "send_registration_mail": write | {"BatchGetItem", "DeleteItem", "Query", "Query person"},
        "record_mail_outcome": write | {"Query message_id"},
        "note_mail_failure": {"GetItem", "UpdateItem"},
        "follow_programme": write | {"BatchGetItem", "Query"},
        "move_line": line | {"BatchGetItem"},
        "fan_out": line,
        "schedule_reminders": {"GetItem", "Query"},
        "sweep_due": line | {"Query due"},
        "reconcile": line | {"BatchGetItem", "Query listing"},
        "check_recording": {"GetItem", "PutItem", "DeleteItem"},
        "generate_catalogue": {"GetItem", "BatchGetItem", "Query", "UpdateItem"},
        "delete_expired": whole | {"Query listing", "Query person"},
        "web": whole | {"Query listing", "Query due", "Query person"},
    }


def test_mail_is_sent_from_our_identity_by_our_configuration_set_and_by_the_senders_alone(aws: Synthesised) -> None:
    sending = {id: each for id, each in aws.statements if "ses:SendRawEmail" in _listed(each["Action"])}

    senders = sorted(re.sub("Function.*|Role.*", "", policy) for policy in sending)
    assert senders == ["SendMessages", "SendRegistrationMail"]
    for statement in sending.values():
        parts = [resource["Fn::Join"][1] for resource in statement["Resource"]]
        assert sorted(each[-2] for each in parts) == [":configuration-set/", ":identity/"]
        assert all("Ref" in each[-1] for each in parts)


def test_only_the_web_app_looks_into_the_sender_and_that_is_all_it_may_do_at_ses(aws: Synthesised) -> None:
    [(policy, _)] = [each for each in aws.statements if LOOKING_INTO_THE_SENDER & set(_listed(each[1]["Action"]))]
    theirs = [action for id, each in aws.statements if id == policy for action in _listed(each["Action"])]

    assert policy.startswith("Web")
    assert {action for action in theirs if action.startswith("ses:")} == LOOKING_INTO_THE_SENDER


def test_only_schedules_of_our_group_may_act_in_the_clocks_role(aws: Synthesised) -> None:
    [group] = aws.resources("AWS::Scheduler::ScheduleGroup")
    [role] = [role for id, role in aws.resources("AWS::IAM::Role").items() if id.startswith("Clock")]

    [trust] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert names(trust["Condition"]["ArnEquals"]["aws:SourceArn"]) == group
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _on_table(aws: Synthesised, function: str) -> set[str]:
    """Actions on the table, and on an index as "Query index"; streams apart."""
    role = names(aws.functions[function]["Role"])
    [table] = aws.resources("AWS::DynamoDB::Table")
    found = set()
    for id, policy in aws.resources("AWS::IAM::Policy").items():
        if role not in [names(each) for each in policy["Properties"]["Roles"]]:
            continue
        for statement in (each for policy_id, each in aws.statements if policy_id == id):
            actions = [a.removeprefix("dynamodb:") for a in _listed(statement["Action"]) if "dynamodb:" in a]
            for resource in _listed(statement["Resource"]):
                if resource == {"Fn::GetAtt": [table, "Arn"]}:
                    found |= set(actions)
                elif table in str(resource) and "/index/" in str(resource):
                    index = resource["Fn::Join"][1][-1].removeprefix("/index/")
                    found |= {f"{action} {index}" for action in actions}
    return found


def test_only_the_web_app_manages_people_in_our_pool_and_who_writes_to_them_finds_them(aws: Synthesised) -> None:
    in_the_pool = {
        re.sub("Function.*|Role.*", "", policy): each
        for policy, each in aws.statements
        if any(action.startswith("cognito-idp:") for action in _listed(each["Action"]))
    }
    [pool] = aws.resources("AWS::Cognito::UserPool")
    used = (ROOT / "shared" / "people" / "cognito.py").read_text(encoding="utf-8")
    calls = {"".join(part.capitalize() for part in call.split("_")) for call in re.findall(r'_call\(\s*"(\w+)"', used)}

    allowed = {
        who: {action.removeprefix("cognito-idp:") for action in each["Action"]} for who, each in in_the_pool.items()
    }
    assert allowed == {"Web": calls, "SendRegistrationMail": {"AdminGetUser", "AdminListGroupsForUser"}}
    assert {names(each["Resource"]) for each in in_the_pool.values()} == {pool}
