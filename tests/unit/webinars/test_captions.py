"""Captions of any make are read alike without speakers' names, and what is wrong is told by its line."""

import re
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import example, given, strategies as st

from shared.webinars.captions import (
    LARGEST,
    MOST_CUES,
    PARAGRAPH,
    Cue,
    Paragraph,
    Problem,
    Read,
    of_json,
    read,
    to_json,
    to_vtt,
    transcript,
)
from tests.support.data import DATA

SAMPLES: Final = DATA / "transcripts"

OPENING: Final = (
    Cue(3_480, 6_960, "Vi begynder lige om lidt."),
    Cue(7_200, 7_560, "Ja."),
    Cue(7_440, 12_800, "Vi mangler stadig nogen fra Aarhus & Kolding,"),
    Cue(12_800, 16_010, "men vi starter nu."),
    Cue(16_500, 16_740, "Mm."),
)
FIVE: Final = Cue(29_990, 41_200, "Der er 17 mål. Mål 4 er uddannelse, og 5 < 17.")

CUES: Final = {
    "teams-da-guid-cues.vtt": (
        Cue(1_120, 3_480, "Godmorgen og velkommen til\nwebinaret om verdensmål."),
        *OPENING,
        Cue(
            17_000,
            29_990,
            "Tak. Mit navn er ligegyldigt, men jeg skal tale om\nBørnenes bibliotek: læring, åbenhed og fællesskab.",
        ),
        FIVE,
        Cue(42_000, 44_100, "(latter)"),
        Cue(44_100, 47_800, "Kan I høre mig? Klokken er 10:13."),
        Cue(47_600, 48_010, "Ja."),
        Cue(48_010, 55_500, "Vi bruger én hylde pr. mål 📚."),
        Cue(3_598_900, 3_601_250, "Så er der gået en time."),
        Cue(5_460_000, 5_464_320, "Tak for i dag."),
    ),
    "teams-da-plain-cues-bom-crlf.vtt": (
        Cue(1_120, 3_480, "Godmorgen og velkommen til webinaret om verdensmål."),
        *OPENING,
        Cue(
            17_000,
            29_990,
            "Tak. Mit navn er ligegyldigt, men jeg skal tale om Børnenes bibliotek: læring, åbenhed og fællesskab.",
        ),
        FIVE,
    ),
    "zoom-da-numbered.vtt": (
        Cue(2_010, 5_600, "Godmorgen og velkommen."),
        Cue(6_030, 11_340, "Dagens program: først oplæg, så spørgsmål."),
        Cue(11_910, 13_200, "Tak."),
        Cue(13_200, 24_870, "Jeg starter kl. 10:05 med mål 4 – læring."),
        Cue(25_080, 27_300, "Velkommen til dem, der kom sent."),
        Cue(27_900, 31_020, "Kl. 10:13: her faldt lyden ud."),
        Cue(31_500, 35_010, "Kan I høre mig?"),
        Cue(35_010, 35_400, "Ja."),
        Cue(35_700, 41_990, "Se https://www.example.org/maal: der ligger det hele."),
        Cue(3_599_100, 3_601_900, "Så er der gået en time."),
        Cue(5_461_000, 5_464_000, "Tak for i dag."),
    ),
    "undertekster-da-windows-1252.srt": (
        Cue(1_000, 4_200, "Godmorgen og velkommen til Ærøs\nmindste læsekreds – på Åen."),
        Cue(4_500, 8_000, "– Hvad koster det?\n– 1.000 kr., altså ca. 134 €."),
        Cue(8_200, 12_100, "”Blåbærgrød” er ikke et verdensmål …"),
        Cue(12_500, 15_000, "Musik"),
        Cue(15_500, 19_250, "Caféen åbner kl. 9.30."),
        Cue(20_000, 24_000, "Spørg på tilmelding@netvaerk.example.org"),
        Cue(24_000, 27_990, "Så tager vi et kvarters pause."),
        Cue(3_601_000, 3_604_500, "Tak – og på gensyn!"),
    ),
    "broken.vtt": (
        Cue(1_000, 4_000, "Den her er i orden."),
        Cue(2_000, 2_900, "Står for sent i filen."),
        Cue(3_500, 6_000, "Den her overlapper nummer 1."),
        Cue(10_000, 12_000, "Her mangler den tomme linje bagefter."),
        Cue(12_000, 14_000, "Så denne tekst hører til hvem?"),
        Cue(30_000, 32_000, "Samme nummer igen."),
        Cue(50_000, 52_000, "Sidste linje uden linjeskift"),
    ),
}

A_RIGHT_ONE: Final = "A line with times looks like this: 00:01:02.500 --> 00:01:05.000"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def told(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message % problem.values) for problem in problems]


def captions(*blocks: str, header: str = "WEBVTT") -> Read:
    """Read blocks that need no times of their own: one a second, from the first."""
    lines = (f"00:{at // 60:02}:{at % 60:02}.000 --> 00:{at // 60:02}:{at % 60:02}.900" for at in range(len(blocks)))
    cues = (f"{line}\n{block}" for line, block in zip(lines, blocks, strict=True))
    return read("\n\n".join((header, *cues)).encode())


def texts(result: Read) -> list[str]:
    return [cue.text for cue in result.cues]


@pytest.mark.parametrize("name", CUES)
def test_all_that_was_said_in_a_sample_is_read_and_no_name(name: str) -> None:
    assert read(sample(name)).cues == CUES[name]


@pytest.mark.parametrize("name", ["teams-da-plain-cues-bom-crlf.vtt", "teams-da-guid-cues.vtt"])
def test_of_a_teams_transcript_only_overlaps_are_told(name: str) -> None:
    lines = [12] if "plain" in name else [17, 46]

    assert told(read(sample(name)).problems) == [
        (line, "This caption begins before the one above it has ended. Both are shown for a while.") for line in lines
    ]


def test_of_good_srt_nothing_is_told() -> None:
    assert read(sample("undertekster-da-windows-1252.srt")).problems == ()


def test_every_error_of_the_broken_sample_is_told_by_its_line() -> None:
    assert told(read(sample("broken.vtt")).errors) == [
        (12, "The caption ends before it begins."),
        (18, "There must be an empty line above this one, for another caption begins here."),
        (
            23,
            "In this kind of file, times have a full stop and no comma, like this: 00:01:02.500 --> 00:01:05.000",
        ),
        (27, "The arrow between two times has two hyphens, like this: 00:01:02.500 --> 00:01:05.000"),
        (31, "This caption has no text."),
        (34, "The caption ends at the moment it begins, so nobody can see it."),
        (38, f"These times cannot be read. {A_RIGHT_ONE}"),
        (50, f"Minutes and seconds are 59 at most. {A_RIGHT_ONE}"),
        (55, "The mark <b> begins here, and </b> is missing."),
        (59, "The text of a caption cannot have the sign --> in it."),
        (62, f"There is no time at which this caption ends. {A_RIGHT_ONE}"),
    ]


def test_what_is_odd_in_the_broken_sample_is_told_and_tolerated() -> None:
    assert told(read(sample("broken.vtt")).warnings) == [
        (5, "We took “Koordinator” for the name of a speaker, and left it out."),
        (8, "This caption begins before the one above it has ended. Both are shown for a while."),
        (9, "We took “Oplægsholder” for the name of a speaker, and left it out."),
        (42, "This caption begins before the one above it. We have put it where it belongs."),
        (45, "Another caption above has the number 11 too."),
    ]


def test_of_a_zoom_transcript_only_the_names_are_told_that_are_left_out() -> None:
    names = [(5, "Koordinator"), (13, "Oplægsholder"), (29, "Børnebibliotekar 2"), (33, "Tre, Deltager")]

    assert told(read(sample("zoom-da-numbered.vtt")).problems) == [
        (line, f"We took “{name}” for the name of a speaker, and left it out.") for line, name in names
    ]


def test_samples_are_kept_byte_by_byte() -> None:
    assert sample("teams-da-plain-cues-bom-crlf.vtt").startswith(b"\xef\xbb\xbfWEBVTT\r\n")
    assert b"\x94Bl\xe5b\xe6rgr\xf8d\x94" in sample("undertekster-da-windows-1252.srt")
    assert not sample("broken.vtt").endswith(b"\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", CUES)
def test_encodings_and_line_ends_do_not_matter(encoding: str, end: str, name: str) -> None:
    text = sample(name).decode("cp1252" if name.endswith("srt") else "utf-8-sig")
    lines = re.split("\r?\n", text)

    assert read(end.join(lines).encode(encoding)) == read(sample(name))


@pytest.mark.parametrize("end", ["big", "little"])
def test_utf_16_may_have_either_end_first(end: str) -> None:
    text = sample("broken.vtt").decode()

    assert read(f"\ufeff{text}".encode(f"utf-16-{end[0]}e")).cues == CUES["broken.vtt"]


def test_a_letter_that_is_damaged_is_told_and_leaves_the_others_as_they_are() -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nRødgrød på Ærø".encode().replace("Æ".encode(), b"\xc3")

    assert texts(read(content)) == ["Rødgrød på \ufffdrø"]
    assert told(read(content).warnings) == [
        (4, "There are letters in this line that cannot be read. Save the file as UTF-8 if you can.")
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There are no captions in this file."),
        (b"\xef\xbb\xbf \r\n\r\n", "There are no captions in this file."),
        (b"WEBVTT", "There are no captions in this file."),
        (b"WEBVTT\nKind: captions\n\nNOTE Nothing yet\n", "There are no captions in this file."),
        (
            b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
            "This is no file of text. Choose the file with the captions: .vtt or .srt.",
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nJa".encode("utf-16-le"),
            "This is no file of text. Choose the file with the captions: .vtt or .srt.",
        ),
        (
            b"<!DOCTYPE html>\n<html>\n\n<!-- no -->\n<pre>\n00:01.000 --> 00:02.000\nJa</pre>",
            "These are no captions. Choose a file in the format WebVTT (.vtt) or SRT (.srt).",
        ),
        (
            "Referat af mødet 10:13: vi begyndte.".encode(),
            "These are no captions. Choose a file in the format WebVTT (.vtt) or SRT (.srt).",
        ),
        (
            b"WEBVTT\n\n" + b" " * LARGEST,
            "This file is too large: it has 1000008 bytes, and captions have 1000000 at most.",
        ),
        (
            b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nJa\n\n" * (MOST_CUES + 1),
            "There are 10001 captions in this file, and at most 10000 can be read.",
        ),
    ],
)
def test_a_file_that_is_something_else_is_told_in_one_sentence(content: bytes, sentence: str) -> None:
    result = read(content)

    assert result.cues == ()
    assert told(result.errors) == [(None, sentence)]


def test_ten_thousand_captions_are_read() -> None:
    assert len(read(b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nJa\n\n" * MOST_CUES).cues) == MOST_CUES


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01.000 --> 00:00:02.500",
        "00:01.000 --> 00:02.500",
        "00:01.000-->00:02.500",
        "\t00:01.000  -->\t00:00:02.500 ",
        "00:00:01.000 --> 00:00:02.500 align:start position:10%,line-left line:-1",
    ],
)
def test_a_line_of_times_may_be_written_so(times: str) -> None:
    assert read(f"WEBVTT\n\n{times}\nJa".encode()) == Read((Cue(1_000, 2_500, "Ja"),), ())


def test_srt_needs_no_header_and_may_have_a_place_for_a_caption() -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600 Y1:20 Y2:50\n{\\an8}<font color=red>Ja</font> &amp; tak\n"

    assert read(srt.encode()) == Read((Cue(1_000, 2_500, "Ja & tak"),), ())


@pytest.mark.parametrize(
    "times",
    [
        "1:02:03,4 --> 1:02:05,0",
        "00:00:01,00 --> 00:00:02,500",
        "00:00:01:000 --> 00:00:02:500",
        "00:00:01,000 --> 00:00:02,500 Hej med jer",
        "00:00:01,000 --> 00:00:02,500 Anna:hej",
        "00:00:01,000 --> 00:00:02,500 --> 00:00:03,000",
        "00:00:01,000 --> så længe det varer",
        "nu --> 00:00:02,500",
    ],
)
def test_times_that_cannot_be_read_are_told_with_right_ones(times: str) -> None:
    result = read(f"1\n{times}\nJa\n\n2\n00:00:10,000 --> 00:00:11,000\nNej\n".encode())

    assert texts(result) == ["Nej"]
    assert told(result.problems) == [
        (2, "These times cannot be read. A line with times looks like this: 00:01:02,500 --> 00:01:05,000")
    ]


@pytest.mark.parametrize("arrow", ["->", "–>", "—>", "→", "=>", "--&gt;", "- >"])
def test_another_arrow_is_told(arrow: str) -> None:
    result = read(f"WEBVTT\n\n00:01.000 {arrow} 00:02.000\nJa\n".encode())

    assert [(problem.line, problem.is_error) for problem in result.problems] == [(3, True)]


def test_text_without_times_is_told_where_it_begins() -> None:
    result = read(b"WEBVTT\n\n00:01.000 --> 00:02.000\nJa\n\nDet siger\nvi\n")

    assert texts(result) == ["Ja"]
    assert told(result.problems) == [(6, f"There are no times above this text. {A_RIGHT_ONE}")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("WEBVTT\n00:01.000 --> 00:02.000\nJa\n", 2),
        ("WEBVTT\nKind: captions\n1\n00:01.000 --> 00:02.000\nJa\n", 3),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nNej\n00:01.000 --> 00:02.000\nJa\n", 5),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nNej\n5b0c-4a51/12-0\n00:01.000 --> 00:02.000\nJa\n", 5),
        ("1\n00:00:00,000 --> 00:00:01,000\nNej\n2\n00:00:01,000 --> 00:00:02,000\nJa\n", 4),
    ],
)
def test_a_caption_that_begins_without_an_empty_line_above_is_told_and_known(content: str, line: int) -> None:
    result = read(content.encode())

    assert result.cues[-1] == Cue(1_000, 2_000, "Ja")
    assert told(result.problems) == [
        (line, "There must be an empty line above this one, for another caption begins here.")
    ]


def test_notes_styles_and_regions_are_no_captions() -> None:
    text = "WEBVTT - om mål\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:en\n\nNOTE\nto linjer\nher\n\n"

    assert texts(read(f"{text}intro\n00:01.000 --> 00:02.000\nJa\n\nNOTE slut".encode())) == ["Ja"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<v Oplægsholder>Ja", "Ja"),
        ("<v.loud Tre, Deltager (Ekstern)>Ja.</v> <v En>Nej.</v>", "Ja. Nej."),
        ("<c.gul.baggrund>Ja</c> <00:00:00.500><u>så</u>", "Ja så"),
        ("<ruby>漢<rt>かん</ruby> <lang en>yes</lang>", "漢かん yes"),
        ("&lt;i&gt; er kursiv, &amp;lt; er &lt;", "<i> er kursiv, &lt; er <"),
        ("5 < 17 <3 R&D &nix; AT&T; ?a=1&copy=2", "5 < 17 <3 R&D &nix; AT&T; ?a=1&copy=2"),
        ("<foo> og <3> og {her}", "<foo> og <3> og {her}"),
        ("En&nbsp;\n  to  \n<i></i>\ntre&#10;&#10;fire&#x1;", "En\nto\ntre\nfire"),
        ("&#99999999999; &#xD800; &#0;", "&#99999999999; \ufffd \ufffd"),
    ],
)
def test_text_is_plain(raw: str, text: str) -> None:
    assert texts(captions(raw)) == [text]


@pytest.mark.parametrize("raw", ["<v En></v>", "<i> </i>", "&nbsp;", "\x07"])
def test_a_caption_of_nothing_but_marks_has_no_text(raw: str) -> None:
    assert told(captions("Ja", raw).errors) == [(6, "This caption has no text.")]


@pytest.mark.parametrize("raw", ["<b>Ja</b> <b>nej", "<B>Ja\nnej</i>", "<c.gul><b>Ja</c>"])
def test_a_mark_that_is_not_closed_is_told(raw: str) -> None:
    assert told(captions(raw).errors) == [(4, "The mark <b> begins here, and </b> is missing.")]


def test_a_name_that_stands_alone_leaves_no_text() -> None:
    result = captions("En: Ja", "En: Nej", "En:")

    assert texts(result) == ["Ja", "Nej"]
    assert told(result.errors) == [(9, "This caption has no text.")]


def test_in_talk_by_speakers_what_may_be_a_name_and_is_no_usual_one_is_left_and_told() -> None:
    result = captions("En To: Ja", "En To: Nej", "Tre (Aarhus) | 4: Hej", "mette fra herning: Hej", "Kl. 10: Hej", "Vi")

    assert texts(result) == ["Ja", "Nej", "Hej", "mette fra herning: Hej", "Kl. 10: Hej", "Vi"]
    sentence = "If “%s” is the name of a speaker, take it out of the file: captions are public."
    assert told(result.warnings)[2:] == [(13, sentence % "mette fra herning"), (16, sentence % "Kl. 10")]


def test_one_name_in_talk_without_speakers_is_left_and_told() -> None:
    result = captions("Husk: hver fredag", "Dagens program: oplæg", "Ja", "Nej")

    assert texts(result) == ["Husk: hver fredag", "Dagens program: oplæg", "Ja", "Nej"]
    assert told(result.problems) == [
        (4, "If “Husk” is the name of a speaker, take it out of the file: captions are public.")
    ]


def test_where_teams_has_named_the_speaker_a_colon_is_only_a_colon() -> None:
    said = [f"<v Oplægsholder>Svar: {number}</v>" for number in range(5)]

    assert texts(captions(*said)) == [f"Svar: {number}" for number in range(5)]


def test_what_we_wrote_loses_no_second_word_as_a_name() -> None:
    cues = captions(*(f"En: Svar: {number}" for number in range(5))).cues

    assert [cue.text for cue in cues] == [f"Svar: {number}" for number in range(5)]
    assert read(to_vtt(cues).encode()) == Read(cues, ())
    assert of_json(to_json(cues)) == cues


@pytest.mark.parametrize("content", [b"WEBVTT\n\nNOTE \x81\n", b"WEBVTT \x81\n"])
def test_a_file_without_captions_is_refused_whatever_else_is_odd_about_it(content: bytes) -> None:
    assert read(content).errors


def test_webvtt_is_written_strictly() -> None:
    cues = (Cue(0, 1_500, "<i> & --> \u2028"), Cue(359_999_001, 360_000_000, "En\nto"))

    assert to_vtt(cues) == (
        "WEBVTT without names\n\n"
        "00:00:00.000 --> 00:00:01.500\n&lt;i&gt; &amp; --&gt; \u2028\n\n"
        "99:59:59.001 --> 100:00:00.000\nEn\nto\n"
    )


def line_of(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return letters.map(str.strip).filter(bool)


LETTERS: Final = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd"), max_size=20)
TRAPS: Final = st.sampled_from(
    [
        "Svar: 4",
        "NOTE",
        "WEBVTT",
        "1",
        "-->",
        "00:01.000 --> 00:02.000",
        "00:01.000 → 00:02.000",
        "{\\an8}",
        "<v En>",
        "&amp;",
        "&#10;",
        "<b>",
    ]
)
TEXTS: Final = st.lists(line_of(LETTERS) | TRAPS, min_size=1, max_size=3).map("\n".join)


@st.composite
def some_cues(draw: st.DrawFn) -> tuple[Cue, ...]:
    starts = sorted(draw(st.lists(st.integers(0, 400_000_000), min_size=1, max_size=8)))
    return tuple(Cue(start, start + draw(st.integers(1, 90_000)), draw(TEXTS)) for start in starts)


@given(some_cues())
def test_what_is_written_is_read_as_the_same_cues(cues: tuple[Cue, ...]) -> None:
    result = read(to_vtt(cues).encode())

    assert result.cues == cues
    assert result.errors == ()


WORDS: Final = line_of(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="<>&:\ufffd")))


@given(st.data())
def test_a_file_without_speakers_loses_no_word(data: st.DataObject) -> None:
    with_colon = data.draw(st.lists(st.tuples(st.sampled_from(["Svar", "Mål 4"]) | WORDS, WORDS), max_size=6))
    without = data.draw(st.lists(WORDS, min_size=max(1, len(with_colon)), max_size=8))
    said = data.draw(st.permutations([*(": ".join(pair) for pair in with_colon), *without]))

    assert texts(captions(*said)) == said


@given(st.lists(WORDS | st.tuples(WORDS, WORDS).map(": ".join), min_size=1, max_size=8))
def test_where_no_beginning_comes_again_no_word_is_lost(said: list[str]) -> None:
    once = list({words.split(":")[0]: words for words in said}.values())

    assert texts(captions(*once)) == once


def check(content: bytes) -> None:
    result = read(content)
    lines = len(
        re.split("\r\n|\r|\n", content.decode("utf-16" if content[:2] == b"\xff\xfe" else "latin-1", "replace"))
    )
    assert all(problem.line is None or 1 <= problem.line <= lines for problem in result.problems)
    assert all(problem.message % problem.values for problem in result.problems)
    assert result.cues or result.errors
    assert all(cue.start < cue.end and cue.text for cue in result.cues)
    assert all(one.start <= other.start for one, other in pairwise(result.cues))
    assert read(to_vtt(result.cues).encode()).cues == result.cues


@given(st.binary(max_size=400))
@example(b"\xff\xfea")
@example(b"\xff\xfe\x00\xd8")
@example(b"\x81\x8d")
def test_any_bytes_are_captions_or_a_problem(content: bytes) -> None:
    check(content)


LINES: Final = st.sampled_from(
    [
        "", "", " ", "WEBVTT", "NOTE", "STYLE", "1", "5b0c/1-0", "00:01.000 --> 00:02.000", "00:02.000 --> 00:01.000",
        "00:00:03,000 --> 00:00:05,000", "0:1.0 --> 00:02.000", "00:01.000 ->", "00:01.000 -> 00:02.000", "-->",
        "a --> b", "En: Ja", "En:", "To: Nej", "<v En>Ja</v>", "<b>Ja", "</b>", "&#0;", "&nbsp;", "{\\an8}", "\x1f",
        "\u2028", "\ufffd", "00:75:00.000 --> 00:76:00.000", "٠٠:٠١.٠٠٠ --> 00:02.000",
        "999:59:59.999 --> 1000:00:00.000",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=20), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-16"]))
def test_any_lines_are_captions_or_problems_in_their_lines(lines: list[str], end: str, encoding: str) -> None:
    check(end.join(lines).encode(encoding))


@given(st.data())
def test_a_damaged_file_is_captions_or_problems(data: st.DataObject) -> None:
    content = bytearray(sample(data.draw(st.sampled_from(sorted(CUES)))))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    check(bytes(content[: data.draw(st.integers(0, len(content)))]))


def test_a_transcript_has_a_new_paragraph_after_a_pause() -> None:
    cues = (
        Cue(0, 9_000, "En\nto"),
        Cue(1_000, 2_000, "tre."),
        Cue(10_999, 12_000, "Fire."),
        Cue(14_000, 15_000, "Fem."),
    )

    assert transcript(cues) == (Paragraph(0, "En to tre. Fire."), Paragraph(14_000, "Fem."))


@pytest.mark.parametrize(("said", "longest"), [("Det er sagt.", PARAGRAPH), ("og ”så”", 2 * PARAGRAPH)])
def test_a_transcript_has_a_new_paragraph_where_one_gets_long(said: str, longest: int) -> None:
    paragraphs = transcript([Cue(at, at + 1, said) for at in range(500)])

    assert all(longest <= len(one.text) <= longest + len(said) for one in paragraphs[:-1])
    assert len(paragraphs[-1].text) <= longest + len(said)


@given(some_cues())
def test_a_transcript_has_every_word_in_order(cues: tuple[Cue, ...]) -> None:
    paragraphs = transcript(cues)

    assert " ".join(one.text for one in paragraphs).split() == " ".join(cue.text for cue in cues).split()
    assert {one.start for one in paragraphs} <= {cue.start for cue in cues}
    assert transcript(()) == ()
