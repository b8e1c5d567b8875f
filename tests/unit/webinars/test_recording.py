"""What can be sent as a recording, in which parts, and what browsers play of it: real files, made by ffmpeg."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from shared.refusals import Invalid
from shared.webinars.media import look_into
from shared.webinars.model import Captions
from shared.webinars.recording import (
    LARGEST,
    MP4,
    PART,
    WEBM,
    Media,
    Recording,
    Unplayable,
    Upload,
    check_size,
    playable,
    type_of,
)
from tests.support.builders import NOW, a_ready_webinar, a_recording
from tests.support.video import NOT_PLAYED, turned, video


def an_upload(size: int) -> Upload:
    return Upload("recordings/one/up", "way", size, "mark", NOW)


def read(path: Path) -> Recording:
    with path.open("rb") as file:
        return playable(look_into(file), file="f", poster="p", size=path.stat().st_size)


@given(st.integers(1, LARGEST))
def test_the_parts_are_the_file_and_none_is_too_small_for_s3_but_the_last(size: int) -> None:
    upload = an_upload(size)
    lengths = [upload.length(number) for number in range(1, upload.parts + 1)]

    assert sum(lengths) == size
    assert set(lengths[:-1]) <= {PART}
    assert 0 < lengths[-1] <= PART
    assert upload.whole(dict(enumerate(lengths, 1)))
    assert not upload.whole(dict(enumerate(lengths[:-1], 1)))
    assert not upload.whole({**dict(enumerate(lengths, 1)), upload.parts: lengths[-1] - 1})


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_link_for_a_part_that_is_none(number: int) -> None:
    with pytest.raises(Invalid) as refused:
        an_upload(PART + 1).length(number)

    assert refused.value.faults[0].field == "numbers"


@pytest.mark.parametrize(("size", "told"), [(0, "empty"), (-1, "empty"), (LARGEST + 1, "too large")])
def test_nothing_and_too_much_are_refused_before_anything_is_sent(size: int, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_size(size)

    assert told in refused.value.faults[0].message


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("zoom.mp4", (MP4, "H.264", "AAC")),
        ("browser.webm", (WEBM, "VP9", "Opus")),
        ("telephone.mov", (MP4, "H.264", "AAC")),
    ],
)
def test_what_browsers_play_is_read_from_the_file(name: str, told: tuple[str, str, str]) -> None:
    path = video(name)
    recording = read(path)

    assert (recording.type, recording.video, recording.audio) == told
    assert (recording.width, recording.height, recording.size) == (640, 360, path.stat().st_size)
    assert recording.duration == pytest.approx(6000, abs=100)


def test_its_picture_is_a_jpeg_no_wider_than_pages_show_it() -> None:
    with video("wide.mp4", picture="2562x1440", seconds=2).open("rb") as file:
        poster = look_into(file).poster

    assert poster.startswith(b"\xff\xd8\xff")
    assert _measures(poster) == (1280, 718)


@pytest.mark.parametrize(("degrees", "measures"), [(90, (360, 640)), (180, (640, 360)), (270, (360, 640))])
def test_what_a_telephone_took_upright_stands_upright(degrees: int, measures: tuple[int, int]) -> None:
    with turned(degrees).open("rb") as file:
        media = look_into(file)

    assert (media.width, media.height) == _measures(media.poster) == measures


@pytest.mark.parametrize("name", NOT_PLAYED)
def test_what_browsers_do_not_play_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Unplayable) as refused:
        read(video(name))

    assert "and send that" in refused.value.fault.message


@pytest.mark.parametrize(
    "content",
    [b"", b"<!doctype html><title>Log ind</title>", b"#EXTM3U\nhttps://elsewhere.example.org/x.ts\n", bytes(5000)],
    ids=["nothing", "a page", "a list of addresses", "zeros"],
)
def test_what_lies_about_its_type_is_refused_by_what_is_in_it(content: bytes, tmp_path: Path) -> None:
    lying = tmp_path / "film.mp4"
    lying.write_bytes(content)

    with pytest.raises(Unplayable, match="no video"):
        read(lying)


@pytest.mark.parametrize("share", [0.02, 0.25, 0.45])
@pytest.mark.parametrize("name", ["zoom.mp4", "telephone.mov"])
def test_a_file_that_breaks_off_is_damaged(name: str, share: float, tmp_path: Path) -> None:
    whole = video(name).read_bytes()
    broken = tmp_path / name
    broken.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(Unplayable, match="damaged"):
        read(broken)


@given(st.binary(max_size=300))
def test_whatever_comes_after_the_first_bytes_of_a_video_is_refused_and_nothing_worse(rest: bytes) -> None:

    with pytest.raises(Unplayable):
        playable(look_into(BytesIO(b"\0\0\0\x18ftypisom" + rest)), file="f", poster="p", size=1)


@pytest.mark.parametrize(("known", "coded"), [(b"avc1", b"encv"), (b"avc1", b"zzzz"), (b"mp4a", b"ac-4")])
def test_what_nothing_here_can_read_is_refused(known: bytes, coded: bytes) -> None:
    content = video("zoom.mp4").read_bytes().replace(known, coded).replace(b"esds", b"free")

    with pytest.raises(Unplayable, match="Browsers cannot"):
        playable(look_into(BytesIO(content)), file="f", poster="p", size=1)


@pytest.mark.parametrize(
    ("name", "coded", "told"),
    [
        ("vp8.webm", ("-c:v", "libvpx", "-c:a", "libvorbis"), "VP8 Vorbis"),
        ("mp3.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "mp3"), "H.264 MP3"),
        ("opus.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "libopus"), "H.264 Opus"),
    ],
)
def test_all_that_browsers_play_is_known_by_its_name(name: str, coded: tuple[str, ...], told: str) -> None:
    recording = read(video(name, *coded, seconds=2))

    assert f"{recording.video} {recording.audio}" == told


def test_a_recording_without_an_end_cannot_be_wound() -> None:
    media = Media(WEBM, None, 640, 360, "vp9", "yuv420p", "opus", b"jpeg")

    with pytest.raises(Unplayable, match="how long"):
        playable(media, file="f", poster="p", size=1)


def test_the_type_is_in_the_first_bytes() -> None:
    assert type_of(b"\0\0\0\x18ftypisom") == MP4
    assert type_of(b"\x1a\x45\xdf\xa3\x01") == WEBM


def test_captions_that_outlast_the_recording_belong_to_another() -> None:
    recorded = a_ready_webinar(link=None, recording=a_recording(duration=30_000))

    assert [fault.field for fault in recorded.missing("da")] == ["captions"]
    with pytest.raises(Invalid) as refused:
        replace(recorded, captions=()).captioned(Captions("da", "captions/one/da-1.json", 60_000))
    assert refused.value.faults[0].values == {"until": "1:00", "end": "0:30"}


def test_captions_may_stand_a_moment_longer_than_the_picture() -> None:
    assert a_ready_webinar(link=None, recording=a_recording(duration=56_000)).missing("da") == ()


def test_a_recording_that_came_takes_the_place_of_an_address_and_both_cannot_be() -> None:
    webinar = a_ready_webinar().recorded(a_recording(), first="da")

    assert webinar.link is None
    with pytest.raises(Invalid) as refused:
        replace(webinar, link="https://video.example.org/x").check(languages=("da",), hosts=("video.example.org",))
    assert refused.value.faults[0].field == "link"


def test_what_is_shown_keeps_a_recording_or_an_address() -> None:
    shown = a_ready_webinar(link=None, recording=a_recording()).published("x", NOW, first="da", today=NOW.date())

    with pytest.raises(Invalid) as refused:
        shown.without_recording(first="da")

    assert refused.value.faults[0].field == "recording"


def _measures(jpeg: bytes) -> tuple[int, int]:
    at = jpeg.index(b"\xff\xc0")
    return int.from_bytes(jpeg[at + 7 : at + 9], "big"), int.from_bytes(jpeg[at + 5 : at + 7], "big")
