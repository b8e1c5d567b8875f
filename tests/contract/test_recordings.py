"""Recordings come in parts and are looked into: alike in memory and in the table and the bucket."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from shared.bootstrap import aws as bootstrap_aws
from shared.buckets import opened
from shared.documents.model import PDF, Document
from shared.refusals import Fault, Invalid, NotFound
from shared.webinars.dynamo import DynamoUploads, DynamoWebinarStore
from shared.webinars.model import Material, State, UploadUnderWay, Webinar, WebinarChangedMeanwhile, WebinarNotFound
from shared.webinars.ports import Files, Multipart, Surroundings, Uploads, WebinarStore
from shared.webinars.recording import MP4, PART, Media, Unplayable, Upload, UploadState
from shared.webinars.s3 import BucketFiles, BucketMultipart
from shared.webinars.service import Editing
from shared.webinars.uploading import Checked, Checking, Uploading, poster_of, remove_left
from tests.support import aws
from tests.support.builders import NETWORK, NOW, a_ready_webinar, a_recording, a_resource, a_webinar
from tests.support.memory_resources import InMemoryResourceStore
from tests.support.memory_webinars import InMemoryFiles, InMemoryMultipart, InMemoryWebinarStore

SIZE: Final = PART + 1000
MARK: Final = "0" * 64
MEDIA: Final = Media(MP4, 90_000, 1280, 720, "h264", "yuv420p", "aac", b"jpeg")


class Player:
    """Says what a test wants it to."""

    def __init__(self, says: Media | Unplayable = MEDIA) -> None:
        self._says = says
        self.looked: list[tuple[str, int]] = []

    def look_into(self, key: str, size: int) -> Media:
        self.looked.append((key, size))
        if isinstance(self._says, Unplayable):
            raise self._says
        return self._says


@dataclass
class Works:
    """Where recordings come to."""

    store: WebinarStore
    uploads: Uploads
    multipart: Multipart
    files: Files
    put: Callable[[Upload, int, bytes], None]
    has: Callable[[str], bool]

    def __post_init__(self) -> None:
        self.around = Surroundings(self.store, ("da", "en"), ("video.example.org",), NETWORK.zone)

    @property
    def uploading(self) -> Uploading:
        return Uploading(self.around, self.uploads, self.multipart, NOW)

    def kept(self, webinar: Webinar) -> Webinar:
        self.store.create(webinar)
        return webinar

    def sent(self, webinar: Webinar) -> Upload:
        upload, _ = self.uploading.begin(webinar.id, size=SIZE, mark=MARK)
        for number in (1, 2):
            self.put(upload, number, bytes(upload.length(number)))
        return self.uploading.finish(webinar.id, upload.key)

    def check(self, key: str, player: Player | None = None) -> Checked:
        return Checking(self.around, self.uploads, self.files, player or Player(), NOW, "correlation").check(key)


@pytest.fixture(params=["memory", "aws"])
def works(request: pytest.FixtureRequest) -> Works:
    if request.param == "memory":
        files = InMemoryFiles()
        multipart = InMemoryMultipart(files)
        has = files.kept.__contains__
        store = InMemoryWebinarStore()
        return Works(store, store.uploads, multipart, files, multipart.put, has)
    request.getfixturevalue("table")
    s3 = aws.client("s3")

    def put(upload: Upload, number: int, content: bytes) -> None:
        way = {"Bucket": aws.FILES, "Key": upload.key, "UploadId": upload.multipart}
        s3.upload_part(**way, PartNumber=number, Body=content)

    def is_there(key: str) -> bool:
        return "Contents" in s3.list_objects_v2(Bucket=aws.FILES, Prefix=key)

    bucket = BucketMultipart(s3, aws.FILES)
    return Works(DynamoWebinarStore(), DynamoUploads(), bucket, BucketFiles(s3, aws.FILES), put, is_there)


def test_a_recording_that_came_whole_is_kept_with_its_picture_and_is_on_its_way_no_more(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)
    assert upload.state is UploadState.CHECKING
    assert works.has(upload.key)

    player = Player()
    assert works.check(upload.key, player) is Checked.KEPT

    recording = works.store.get(webinar.id).recording
    assert recording is not None
    assert (recording.file, recording.size, recording.duration) == (upload.key, SIZE, 90_000)
    assert works.files.get(recording.poster) == b"jpeg"
    assert works.uploads.get(webinar.id) is None
    assert player.looked == [(upload.key, SIZE)]


def test_told_of_twice_it_is_kept_once(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)

    assert [works.check(upload.key), works.check(upload.key)] == [Checked.KEPT, Checked.LEFT]

    assert works.has(upload.key)
    assert works.store.get(webinar.id).version == 2


@pytest.mark.parametrize("step", ["given up", "another"])
def test_what_is_thrown_away_while_it_is_looked_into_is_not_kept(works: Works, step: str) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)

    class Slow(Player):
        def look_into(self, key: str, size: int) -> Media:
            works.uploading.give_up(webinar.id)
            if step == "another":
                works.uploading.begin(webinar.id, size=SIZE, mark="1" * 64)
            return super().look_into(key, size)

    assert works.check(upload.key, Slow()) is Checked.LEFT

    assert works.store.get(webinar.id) == webinar
    assert not works.has(upload.key)
    assert not works.has(poster_of(upload.key))
    assert (works.uploads.get(webinar.id) is not None) == (step == "another")


def test_it_is_kept_though_somebody_saves_the_webinar_at_that_moment(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)
    editing = Editing(works.around, "an editor", NOW, "correlation")

    class Busy:
        """Somebody saves when the picture is put."""

        def put(self, key: str, content: bytes, content_type: str) -> None:
            works.files.put(key, content, content_type)
            editing.change(replace(works.store.get(webinar.id), summary={"da": "Nyt"}), files=works.files)

        def __getattr__(self, name: str) -> Any:
            return getattr(works.files, name)

    busy: Any = Busy()
    checking = Checking(works.around, works.uploads, busy, Player(), NOW, "correlation")
    assert checking.check(upload.key) is Checked.KEPT

    kept = works.store.get(webinar.id)
    assert (kept.summary, kept.recording and kept.recording.file) == ({"da": "Nyt"}, upload.key)


def test_what_cannot_be_played_is_removed_and_says_why(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)

    assert works.check(upload.key, Player(Unplayable("It is %(codec)s.", codec="HEVC"))) is Checked.REFUSED

    refused = works.uploads.get(webinar.id)
    assert refused is not None
    assert (refused.state, refused.fault) == (
        UploadState.REFUSED,
        Fault("recording", "It is %(codec)s.", {"codec": "HEVC"}),
    )
    assert not works.has(upload.key)
    assert works.store.get(webinar.id).recording is None


def test_a_refused_one_makes_way_for_another(works: Works) -> None:
    webinar = works.kept(a_webinar())
    first = works.sent(webinar)
    works.check(first.key, Player(Unplayable("No.")))

    second = works.sent(webinar)

    assert second.key != first.key
    assert works.check(second.key) is Checked.KEPT


def test_it_goes_on_where_it_stopped_when_the_same_file_comes_again(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload, _ = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)
    works.put(upload, 1, bytes(PART))

    again, here = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)

    assert (again, here) == (upload, {1: PART})
    with pytest.raises(Invalid) as refused:
        works.uploading.finish(webinar.id, upload.key)
    assert refused.value.faults[0].field == "recording"
    works.put(upload, 2, bytes(1000))
    assert works.uploading.finish(webinar.id, upload.key).state is UploadState.CHECKING


@pytest.mark.parametrize("other", [{"mark": "1" * 64}, {"size": SIZE + 1}], ids=str)
def test_another_file_waits_until_the_first_is_thrown_away(works: Works, other: Mapping[str, Any]) -> None:
    webinar = works.kept(a_webinar())
    upload, _ = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)
    works.put(upload, 1, bytes(PART))
    asked: dict[str, Any] = {"size": SIZE, "mark": MARK, **other}

    with pytest.raises(UploadUnderWay):
        works.uploading.begin(webinar.id, **asked)
    works.uploading.give_up(webinar.id)
    new, here = works.uploading.begin(webinar.id, **asked)

    assert here == {}
    assert works.multipart.lengths(upload) is None
    with pytest.raises(NotFound):
        works.uploading.links(webinar.id, upload.key, [1])
    assert works.uploading.links(webinar.id, new.key, [1, 2]).keys() == {1, 2}


def test_nothing_is_sent_while_a_file_is_looked_into(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)

    with pytest.raises(UploadUnderWay):
        works.uploading.begin(webinar.id, size=SIZE, mark=MARK)
    with pytest.raises(NotFound):
        works.uploading.links(webinar.id, upload.key, [1])


def test_there_are_no_links_to_a_way_that_the_store_has_closed(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload, _ = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)
    works.multipart.abort(upload)

    with pytest.raises(NotFound):
        works.uploading.links(webinar.id, upload.key, [1])
    anew, here = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)
    assert (anew.key != upload.key, here) == (True, {})


def test_two_who_begin_at_once_cannot_both(works: Works) -> None:
    webinar = works.kept(a_webinar())
    seen = works.uploads.get(webinar.id)
    works.uploading.begin(webinar.id, size=SIZE, mark=MARK)

    with pytest.raises(WebinarChangedMeanwhile):
        works.uploads.put(webinar.id, Upload("k", "way", 1, MARK, NOW), instead_of=seen)


def test_whoever_asks_twice_to_finish_is_told_the_same(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload = works.sent(webinar)

    assert works.uploading.finish(webinar.id, upload.key) == upload


def test_killed_between_the_note_and_the_store_it_can_be_finished_again(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload, _ = works.uploading.begin(webinar.id, size=1000, mark=MARK)
    works.put(upload, 1, bytes(1000))
    works.uploads.put(webinar.id, replace(upload, state=UploadState.CHECKING), instead_of=upload)

    again, here = works.uploading.begin(webinar.id, size=1000, mark=MARK)

    assert (again.key, here) == (upload.key, {1: 1000})
    works.uploading.finish(webinar.id, upload.key)
    assert works.check(upload.key) is Checked.KEPT


def test_given_up_it_leaves_nothing(works: Works) -> None:
    webinar = works.kept(a_webinar())
    upload, _ = works.uploading.begin(webinar.id, size=SIZE, mark=MARK)

    works.uploading.give_up(webinar.id)
    works.uploading.give_up(webinar.id)

    assert works.uploads.get(webinar.id) is None
    assert works.multipart.lengths(upload) is None
    with pytest.raises(NotFound):
        works.uploading.finish(webinar.id, upload.key)


def test_a_file_that_nobody_waits_for_is_removed(works: Works) -> None:
    webinar = works.kept(a_webinar())
    late = works.sent(webinar)
    works.uploading.give_up(webinar.id)

    assert works.check(late.key) is Checked.LEFT

    assert not works.has(late.key)
    assert works.check("recordings/nobody/up") is Checked.LEFT


def test_there_is_nothing_to_send_to_a_webinar_that_is_not_there(works: Works) -> None:
    with pytest.raises(WebinarNotFound):
        works.uploading.begin("nobody", size=SIZE, mark=MARK)
    with pytest.raises(WebinarNotFound):
        works.uploading.links("nobody", "key", [1])


def test_a_shown_webinar_gets_another_recording_and_the_old_one_is_removed(works: Works) -> None:
    old = a_recording()
    webinar = works.kept(a_ready_webinar(link=None, recording=old, state=State.PUBLISHED, published_at=NOW))
    works.files.put(old.file, b"old", MP4)
    works.files.put(old.poster, b"old", "image/jpeg")

    upload = works.sent(webinar)
    assert works.check(upload.key) is Checked.KEPT

    kept = works.store.get(webinar.id)
    assert (kept.state, kept.recording and kept.recording.file) == (State.PUBLISHED, upload.key)
    assert not works.has(old.file)
    assert not works.has(old.poster)


def test_a_shown_webinar_keeps_its_recording_when_its_captions_outlast_the_new_one(works: Works) -> None:
    old = a_recording()
    webinar = works.kept(a_ready_webinar(link=None, recording=old, state=State.PUBLISHED, published_at=NOW))
    upload = works.sent(webinar)

    assert works.check(upload.key, Player(replace(MEDIA, duration=20_000))) is Checked.REFUSED

    refused = works.uploads.get(webinar.id)
    assert refused is not None and refused.fault is not None
    assert refused.fault.values == {"until": "1:00", "end": "0:20"}
    assert works.store.get(webinar.id).recording == old
    assert not works.has(upload.key)
    assert not works.has(f"posters/{webinar.id}/{upload.key.rpartition('/')[2]}.jpg")


def test_at_night_what_belongs_to_nothing_is_removed(works: Works) -> None:
    def swept(after: timedelta) -> int:
        now = (datetime.now(UTC) if isinstance(works.files, BucketFiles) else NOW) + after
        return remove_left(store=works.store, resources=resources, uploads=works.uploads, files=works.files, now=now)

    resources = InMemoryResourceStore()
    guide = Document("documents/guide/up", "guide.pdf", PDF, 7)
    slides = Document("documents/webinar/up", "slides.pdf", PDF, 7)
    resources.create(a_resource(link=None, document=guide), ())

    swept(timedelta(days=2))  # what other tests have left
    old = a_recording()
    webinar = works.kept(
        a_ready_webinar(link=None, recording=old, captions=(), materials=(Material({"da": "Slides"}, document=slides),))
    )
    awaited = works.sent(works.kept(a_webinar(slug="kommer")))
    orphans = [
        f"recordings/{webinar.id}/before",
        f"posters/{webinar.id}/before.jpg",
        "captions/gone/da-0.json",
        "documents/gone/up",
    ]
    needed = [old.file, old.poster, slides.file, guide.file]
    for key in (*needed, *orphans):
        works.files.put(key, b"content", "")

    assert swept(timedelta(0)) == 0, "they may be needed soon"
    assert swept(timedelta(days=2)) == len(orphans)
    assert all(map(works.has, [*needed, awaited.key]))
    assert not any(map(works.has, orphans))


def test_links_are_signed_with_the_length_of_their_part_and_end(table: None) -> None:
    upload = Upload("recordings/one/up", "way", SIZE, MARK, NOW)

    link = httpx.URL(BucketMultipart(bootstrap_aws.client("s3"), aws.FILES).link(upload, 2))

    assert link.host == f"{aws.FILES}.s3.{aws.REGION}.amazonaws.com", "elsewhere a new bucket is not known for hours"
    assert link.params["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert "content-length" in link.params["X-Amz-SignedHeaders"].split(";")
    assert (link.params["partNumber"], link.params["uploadId"]) == ("2", "way")
    assert timedelta(seconds=int(link.params["X-Amz-Expires"])) <= timedelta(hours=1)


def test_a_file_in_the_bucket_is_read_here_and_there(table: None) -> None:
    content = bytes(range(256)) * 10_000
    aws.client("s3").put_object(Bucket=aws.FILES, Key="recordings/one/up", Body=content)
    file = opened(aws.client("s3"), aws.FILES, "recordings/one/up", len(content))

    assert file.read(10) == content[:10]
    assert file.seek(-5, io.SEEK_END) == len(content) - 5
    assert file.read() == content[-5:]
    assert file.read() == b""
    assert file.seek(1_234_567) == 1_234_567
    assert file.read(3) == content[1_234_567:1_234_570]
