"""What it takes to write the catalogue of two thousand webinars, each an hour long: time and memory; and then a change.

They are put into the table and the bucket as they are kept. The first run is of half as many: memory is to be the same.
"""

import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from infra.local.local_stack import LocalStack
from shared.themes.dynamo import ThemesItem
from shared.themes.model import Theme, Themes
from shared.webinars import captions
from shared.webinars.captions import Cue
from shared.webinars.dynamo import LISTING, WebinarItem, WebinarMemberItem
from shared.webinars.media import look_into
from shared.webinars.model import Captions, Chapter, Exemption, State, Webinar
from tests.bench.reminders import STEADY, most_memory
from tests.bench.rows import Row
from tests.support import tools
from tests.support.builders import NOW, a_ready_webinar, a_recording
from tests.support.many import put
from tests.support.video import video

SIZES: Final = (1_000, 2_000)
THEMES: Final = 20
CUES: Final = [
    Cue(at * 4000, at * 4000 + 3500, f"Så taler vi om borgerforskning, og det er linje {at}.") for at in range(900)
]
LOOKS: Final = 5
FUNCTION: Final = "generate_catalogue"


def rows(stack: LocalStack) -> Iterator[Row]:
    """Write half of them, all of them, nothing new, and one that changed."""
    lambda_, name = stack.client("lambda"), json.loads(stack.outputs["FunctionNames"])[FUNCTION]
    seconds: dict[int, float] = {}
    memory: dict[int, float] = {}
    kept: list[Webinar] = []
    put(stack, [_themes()])
    for size in SIZES:
        more = [_webinar(number) for number in range(len(kept), size)]
        _keep(stack, more)
        kept += more
        seconds[size] = _written(lambda_, name)
        memory[size] = most_memory(stack, FUNCTION)
        yield Row(f"writing {size:,} webinars, of which {len(more):,} are new", seconds[size], "s", at_most=60)
        yield Row(f"writing {size:,} webinars: most memory", memory[size], "MB")
    few, many = SIZES
    yield Row("writing twice as many: memory, times", memory[many] / memory[few], "", at_most=STEADY)
    before = _keys(stack)
    again = _written(lambda_, name)
    yield Row(f"writing {many:,} webinars again: files that are written", len(_keys(stack) - before), "", at_most=0)
    yield Row(f"writing {many:,} webinars again", again, "s", at_most=60)
    put(stack, [WebinarItem.of(replace(kept[0], alternative={"da": "Der vises en bi."}, version=2))])
    changed = _written(lambda_, name)
    yield Row(f"one of {many:,} webinars changed: files that are written", len(_keys(stack) - before), "", 2, 2)
    yield Row(f"one of {many:,} webinars changed", changed, "s", at_most=60)
    yield from _scores(stack, lambda_, name, kept[1])


def _scores(stack: LocalStack, lambda_: Any, name: str, webinar: Webinar) -> Iterator[Row]:
    """Let Lighthouse look at the list and at a webinar whose recording lies here: the median of several times."""
    spoken = video("maaling.mp4")
    recording = a_recording(file=f"recordings/{webinar.id}/up", poster=f"posters/{webinar.id}/up.jpg", duration=6000)
    with spoken.open("rb") as file:
        media = look_into(file)
    s3, bucket = stack.client("s3"), stack.outputs["FilesBucket"]
    s3.put_object(Bucket=bucket, Key=recording.file, Body=spoken.read_bytes())
    s3.put_object(Bucket=bucket, Key=recording.poster, Body=media.poster)
    recording = replace(recording, size=spoken.stat().st_size, width=media.width, height=media.height)
    put(stack, [WebinarItem.of(replace(webinar, link=None, captions=(), exemption=Exemption.OLD, recording=recording))])
    _written(lambda_, name)
    for path, called in (("/webinarer/", "the list"), (f"/webinarer/{webinar.slug}", "a webinar’s page")):
        runs = [tools.lighthouse(stack.base_url + path) for _ in range(LOOKS)]
        for category in runs[0]:
            least = 95 if category == "performance" else 100
            score = statistics.median(run[category] for run in runs)
            yield Row(f"Lighthouse, {called}: {category}", score, "", at_least=least)


def _written(lambda_: Any, name: str) -> float:
    """Have the catalogue written, and return the seconds that it took."""
    began = time.monotonic()
    answer = lambda_.invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
    return time.monotonic() - began


def _keys(stack: LocalStack) -> set[tuple[str, str]]:
    """Return all versions of files that were ever written."""
    versions = stack.client("s3").get_paginator("list_object_versions")
    pages = versions.paginate(Bucket=stack.outputs["SiteBucket"])
    return {(one["Key"], one["VersionId"]) for page in pages for one in page.get("Versions", [])}


def _themes() -> ThemesItem:
    themes = Themes(tuple(Theme(f"tema-{number}", {"da": f"Tema {number}"}) for number in range(THEMES)), 1)
    return ThemesItem("THEMES", "ALL", version=1, document=TypeAdapter(Themes).dump_json(themes).decode())


def _webinar(number: int) -> Webinar:
    id = f"maaling-{number}"
    return a_ready_webinar(
        id=id,
        slug=id,
        title={"da": f"Måling {number}", "en": f"Measurement {number}"},
        summary={"da": "Om hvordan biblioteker tager hul på verdensmålene sammen med deres borgere."},
        description={"da": "Vi ser på **eksempler** fra hverdagen.\n\n" * 20},
        held_on=date(2020, 1, 1) + timedelta(days=number),
        themes=(f"tema-{number % THEMES}", f"tema-{(number + 7) % THEMES}"),
        goals=(number % 17 + 1,),
        chapters=tuple(Chapter(minute * 60, {"da": f"Kapitel {minute}"}) for minute in range(10)),
        captions=(Captions("da", f"captions/{id}/da-0.json", CUES[-1].end),),
        state=State.PUBLISHED,
        published_at=NOW,
    )


def _keep(stack: LocalStack, webinars: list[Webinar]) -> None:
    s3, bucket, content = stack.client("s3"), stack.outputs["FilesBucket"], captions.to_json(CUES)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: s3.put_object(Bucket=bucket, Key=one.captions[0].file, Body=content), webinars))
    put(stack, map(WebinarItem.of, webinars))
    put(stack, [WebinarMemberItem(LISTING, one.id) for one in webinars])
