"""Recordings by API and by page: begun, sent to where links lead, looked into, shown and taken away."""

import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.check_recording.handler import handler
from shared.bootstrap import webinars as workshop
from shared.webinars.model import Exemption, Webinar
from tests.support import aws
from tests.support.builders import a_ready_webinar, a_webinar
from tests.support.lambdas import lambda_context
from tests.support.site import Site
from tests.support.video import video

API: Final = "/api/v1/coordinator/webinars"
DESK: Final = "/en/tovholder/webinarer"
MARK: Final = "ab" * 32


def kept(webinar: Webinar) -> Webinar:
    workshop.around().store.create(webinar)
    return webinar


def put(url: str, content: bytes) -> None:
    """Do as a browser does with a link."""
    parts = urlsplit(url)
    told = parse_qs(parts.query)
    key = parts.path.removeprefix("/").removeprefix(f"{aws.FILES}/")
    way = {"Bucket": aws.FILES, "Key": key, "UploadId": told["uploadId"][0], "PartNumber": int(told["partNumber"][0])}
    aws.client("s3").upload_part(**way, Body=content)


def sent(editor: Site, webinar: Webinar, content: bytes) -> str:
    path = f"{API}/{webinar.id}/recording"
    begun = editor.post(path, {"size": len(content), "mark": MARK})
    assert begun.status == 200, begun.text
    key: str = begun.json()["key"]
    [link] = editor.post(f"{path}/parts", {"key": key, "numbers": [1]}).json()["links"]
    put(link["url"], content)
    finished = editor.post(f"{path}/finish", {"key": key})
    assert finished.json()["state"] == "checking", finished.text
    return key


def told_by_s3(*keys: str) -> dict[str, Any]:
    records = [{"eventName": "ObjectCreated:CompleteMultipartUpload", "s3": {"object": {"key": key}}} for key in keys]
    return {"Records": [{"messageId": "m-1", "body": json.dumps({"Records": records})}]}


def test_a_recording_goes_from_a_program_to_the_webinar(editor: Site) -> None:
    webinar = kept(a_webinar())
    content = video("zoom.mp4").read_bytes()
    key = sent(editor, webinar, content)

    assert handler(told_by_s3(key), lambda_context()) == {"batchItemFailures": []}

    state = editor.get(f"{API}/{webinar.id}/recording").json()
    assert (state["upload"], state["refused"]) == (None, None)
    assert state["recording"] == editor.get(f"{API}/{webinar.id}").json()["recording"]
    assert (state["recording"]["size"], state["recording"]["video"]) == (len(content), "H.264")
    gone = editor.send("DELETE", f"{API}/{webinar.id}/recording")
    assert gone.json()["recording"] is None
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=aws.FILES, Prefix=f"recordings/{webinar.id}")


def test_what_cannot_be_played_is_told_in_the_readers_language(editor: Site) -> None:
    webinar = kept(a_webinar())
    key = sent(editor, webinar, b"<!doctype html><title>Log ind</title>")

    handler(told_by_s3(key), lambda_context())

    state = editor.get(f"{API}/{webinar.id}/recording").json()
    assert state["upload"]["state"] == "refused"
    assert state["refused"].startswith("Det er ikke en video, som browsere kan afspille.")


def test_what_s3_sends_to_try_the_queue_is_taken(table: None) -> None:
    trial = {"Records": [{"messageId": "m-1", "body": json.dumps({"Event": "s3:TestEvent", "Bucket": "files"})}]}

    assert handler(trial, lambda_context()) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"size": 0, "mark": MARK}, "recording"),
        ({"size": 2**40, "mark": MARK}, "recording"),
        ({"size": 10, "mark": "a name.mp4"}, "mark"),
        ({"size": "much", "mark": MARK}, "size"),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_refused_by_field(editor: Site, body: dict[str, Any], field: str) -> None:
    refused = editor.post(f"{API}/{kept(a_webinar()).id}/recording", body)

    assert refused.status == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field]


def test_links_are_given_for_parts_that_there_are(editor: Site) -> None:
    webinar = kept(a_webinar())
    key = editor.post(f"{API}/{webinar.id}/recording", {"size": 10, "mark": MARK}).json()["key"]

    assert editor.post(f"{API}/{webinar.id}/recording/parts", {"key": key, "numbers": [2]}).status == 422
    assert editor.post(f"{API}/{webinar.id}/recording/parts", {"key": "another", "numbers": [1]}).status == 404
    assert editor.post(f"{API}/{webinar.id}/recording/finish", {"key": key}).status == 422


def test_the_page_shows_what_is_on_its_way_and_what_came_of_it(desk: Site) -> None:
    webinar = kept(a_webinar())
    path = f"{DESK}/{webinar.id}/optagelse"
    content = video("zoom.mp4").read_bytes()
    assert desk.get(path).json() == {"state": None}

    begun = desk.send_desk_form(path, {"size": str(len(content)), "mark": MARK}).json()
    assert "Choose the same file once more" in desk.get(f"{DESK}/{webinar.id}").text
    links = desk.send_desk_form(f"{path}/dele", {"key": begun["key"], "numbers": "1"}).json()["links"]
    put(links[0]["url"], content)
    assert desk.send_desk_form(f"{path}/faerdig", {"key": begun["key"]}).json() == {"state": "checking"}
    assert "is being looked into" in desk.get(f"{DESK}/{webinar.id}").text

    handler(told_by_s3(begun["key"]), lambda_context())
    page = desk.get(f"{DESK}/{webinar.id}")
    assert "0:06 ·" in page.text
    assert "640 × 360 · H.264 · AAC" in page.text
    policy = page.headers["content-security-policy"]
    assert "media-src 'self' https://" in policy
    assert "script-src 'self';" in policy
    assert desk.send_desk_form(f"{path}/fjern", {}).headers["location"].endswith("done=unrecorded")


def test_a_refused_file_stands_on_the_page_and_what_was_begun_can_be_thrown_away(desk: Site) -> None:
    webinar = kept(a_webinar())
    path = f"{DESK}/{webinar.id}/optagelse"

    refused = desk.send_desk_form(path, {"size": "0", "mark": MARK})
    assert (refused.status, refused.json()["errors"][0]["detail"]) == (422, "The file is empty.")
    desk.send_desk_form(path, {"size": "10", "mark": MARK})
    assert desk.send_desk_form(f"{path}/opgiv", {}).headers["location"].endswith("done=given_up")
    assert desk.get(path).json() == {"state": None}


def test_what_is_shown_keeps_its_recording(desk: Site, editor: Site) -> None:
    webinar = kept(a_ready_webinar(link=None, captions=(), exemption=Exemption.BURDEN))
    key = sent(editor, webinar, video("zoom.mp4").read_bytes())
    handler(told_by_s3(key), lambda_context())
    assert editor.post(f"{API}/{webinar.id}/publish").status == 200

    refused = desk.send_desk_form(f"{DESK}/{webinar.id}/optagelse/fjern", {})

    assert refused.status == 422
    assert 'href="#recording"' in refused.text
    assert editor.get(f"{API}/{webinar.id}").json()["recording"] is not None


def test_the_player_on_the_page_reads_captions_from_us(desk: Site) -> None:
    webinar = kept(a_webinar())
    vtt = b"WEBVTT\n\n00:01.000 --> 00:04.000\nGodmorgen.\n"
    path = f"{DESK}/{webinar.id}/undertekster"
    desk.send_desk_upload(path, sheet=vtt, called="captions", more=(("language", "da"),))

    said = desk.get(f"{DESK}/{webinar.id}/undertekster/da/vtt")

    assert said.headers["content-type"] == "text/vtt; charset=utf-8"
    assert "Godmorgen." in said.text
