"""Messages: nothing that arrives can be lost without a person being told."""

import json

from events.routes import QueueName
from infra.config import ROOT
from tests.infra.conftest import Synthesised
from tests.infra.intrinsics import names, resolved


def test_every_queue_has_dead_letters_or_is_where_they_end(aws: Synthesised) -> None:
    queues = aws.resources("AWS::SQS::Queue")
    redriven_to = {
        names(queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in queues.values()
        if "RedrivePolicy" in queue["Properties"]
    }
    sent_to = {names(arn) for arn in _failure_destinations(aws)}

    without = {id for id, queue in queues.items() if "RedrivePolicy" not in queue["Properties"]}

    assert without == redriven_to | sent_to


def test_every_dead_letter_queue_calls_a_person(aws: Synthesised) -> None:
    ends = {id for id, q in aws.resources("AWS::SQS::Queue").items() if "RedrivePolicy" not in q["Properties"]}
    alarms = [alarm["Properties"] for alarm in aws.resources("AWS::CloudWatch::Alarm").values()]
    [topic] = [id for id in aws.resources("AWS::SNS::Topic") if "Alarms" in id]

    watched = {
        names(alarm["Dimensions"][0]["Value"])
        for alarm in alarms
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 1
    }

    assert watched == ends
    assert all([names(action) for action in alarm["AlarmActions"]] == [topic] for alarm in alarms)


def test_alarms_may_speak_to_their_topic(aws: Synthesised) -> None:
    [topic] = [id for id in aws.resources("AWS::SNS::Topic") if "Alarms" in id]
    [policy] = [
        each["Properties"]["PolicyDocument"]["Statement"]
        for each in aws.resources("AWS::SNS::TopicPolicy").values()
        if [names(t) for t in each["Properties"]["Topics"]] == [topic]
    ]

    [allowed] = [statement for statement in policy if statement["Effect"] == "Allow"]

    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"


def test_every_queue_name_has_one_queue_and_the_consumer_it_is_named_after(aws: Synthesised) -> None:
    urls = aws.functions["relay_outbox"]["Environment"]["Variables"]["QUEUE_URLS"]
    queue_of = json.loads(resolved(urls))
    consumers = {
        names(mapping["Properties"]["EventSourceArn"]): names(mapping["Properties"]["FunctionName"])
        for mapping in aws.resources("AWS::Lambda::EventSourceMapping").values()
    }

    assert queue_of.keys() == set(QueueName)
    assert len(set(queue_of.values())) == len(QueueName)
    for name, queue in queue_of.items():
        consumer = aws.resources("AWS::Lambda::Function")[consumers[queue]]["Properties"]
        assert consumer["Handler"] == f"functions.{name.replace('-', '_')}.handler.handler"


def test_every_mapping_reports_which_items_failed(aws: Synthesised) -> None:
    mappings = aws.resources("AWS::Lambda::EventSourceMapping").values()

    assert all(m["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for m in mappings)


def test_the_stream_is_read_for_new_outbox_rows_only_and_what_fails_is_kept(aws: Synthesised) -> None:
    [stream] = [
        mapping["Properties"]
        for mapping in aws.resources("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" in mapping["Properties"]
    ]

    [pattern] = [json.loads(each["Pattern"]) for each in stream["FilterCriteria"]["Filters"]]
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "OUTBOX#"}]}}}}
    assert stream["DestinationConfig"]["OnFailure"]["Destination"]
    assert stream["BisectBatchOnFunctionError"]
    assert stream["BatchSize"] == 100


def test_a_message_stays_hidden_six_times_as_long_as_its_consumer_may_take(aws: Synthesised) -> None:
    queues, functions = aws.resources("AWS::SQS::Queue"), aws.resources("AWS::Lambda::Function")
    for mapping in aws.resources("AWS::Lambda::EventSourceMapping").values():
        queue = queues.get(names(mapping["Properties"]["EventSourceArn"]))
        if queue is not None:
            timeout = functions[names(mapping["Properties"]["FunctionName"])]["Properties"]["Timeout"]
            assert queue["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_every_queue_is_encrypted_and_refuses_plain_http(aws: Synthesised) -> None:
    queues = aws.resources("AWS::SQS::Queue")
    refusing = {
        names(queue)
        for policy in aws.resources("AWS::SQS::QueuePolicy").values()
        for queue in policy["Properties"]["Queues"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert refusing == queues.keys()
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())


def test_mail_outcomes_reach_their_queue_as_ses_wrote_them(aws: Synthesised) -> None:
    [subscription] = aws.resources("AWS::SNS::Subscription").values()
    [destination] = aws.resources("AWS::SES::ConfigurationSetEventDestination").values()

    assert subscription["Properties"]["RawMessageDelivery"]
    assert subscription["Properties"]["RedrivePolicy"]
    told = destination["Properties"]["EventDestination"]["MatchingEventTypes"]
    assert set(told) == {"delivery", "bounce", "complaint", "reject", "renderingFailure"}


def _failure_destinations(aws: Synthesised) -> list[object]:
    streams = [
        mapping["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
        for mapping in aws.resources("AWS::Lambda::EventSourceMapping").values()
        if "DestinationConfig" in mapping["Properties"]
    ]
    schedules = [
        schedule["Properties"]["Target"]["DeadLetterConfig"]["Arn"]
        for schedule in aws.resources("AWS::Scheduler::Schedule").values()
    ]
    return streams + schedules


def test_operations_say_of_every_queue_how_to_redrive_it() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    dead_letters = text.partition("## Dead letters")[2].partition("\n## ")[0]

    assert all(f"* `{name}`:" in dead_letters for name in (*QueueName, "relay-outbox", "clock"))
