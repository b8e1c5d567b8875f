"""Reads the captions of a video from the file that a coordinator has, WebVTT or SRT, and writes them as WebVTT.

Both are blocks of lines with an empty line between them: perhaps a number, the times, the text. What has no first line
`WEBVTT` is SRT. All that is wrong is told at once, by the line of the file where it stands. What can mean one thing
only, such as captions out of order, is put right and told; what would cost a caption or its time is an error.

Text becomes plain, and speakers' names leave it, for captions are published. Teams marks its speakers, `<v Name>`, and
no name there can be mistaken. Zoom begins with `Name: `, as may anything said. So a file has speakers if more than
half of its captions begin like that, and one beginning comes again. In such a file, what comes again is a name, and so
is what comes once, unless a word of it begins with a small letter or it has a full stop. Each name that is taken away
is told, and so is what may be one and is left, so that somebody looks. After a name, nothing is touched.
"""

import codecs
import dataclasses
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from typing import Final

from shared.refusals import N_

LARGEST: Final = 1_000_000
"""Bytes of a file. Two hours of talk take a fifth of it."""

MOST_CUES: Final = 10_000
"""How many captions a file has: one a second, for almost three hours."""

PAUSE: Final = 2_000
"""After how many milliseconds of silence a paragraph begins."""

PARAGRAPH: Final = 600
"""After how many characters a paragraph ends where a sentence does; after twice as many, it ends anyhow."""

_EMPTY: Final = N_("There are no captions in this file.")
_NO_TEXT: Final = N_("This caption has no text.")
_NOT_PARTED: Final = N_("There must be an empty line above this one, for another caption begins here.")
_WRONG_TIMES: Final = N_("These times cannot be read. A line with times looks like this: %(example)s")


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown from `start` to before `end`, in milliseconds.

    `text` is plain, in one or more lines parted by a line feed, none of them empty or with blanks around it.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, in its line `line`, from 1, or in all of it.

    With an error the file cannot be used. Of anything else its owner is told. `values` fill the sentence's `%(name)s`
    places.
    """

    line: int | None
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What could be read, in the order in which cues begin, and what is wrong, in the order of the file's lines."""

    cues: tuple[Cue, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Why it cannot be used, if it cannot: captions, words or times would be missing."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What its owner is told, and may leave."""
        return tuple(problem for problem in self.problems if not problem.is_error)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences of a transcript, and at which millisecond of the video they begin."""

    start: int
    text: str


_Lines = Sequence[tuple[int, str]]
"""Some lines of the file with their numbers."""


@dataclass(frozen=True, slots=True)
class _Caption:
    """A cue as it stands in the file: from which line, with its times in which, and whether its speaker is marked."""

    first: int
    line: int
    number: str
    start: int
    end: int
    text: str
    is_marked: bool


_WITHOUT_NAMES: Final = "WEBVTT without names"
"""The first line of what we wrote. When it is read again, no second word may be taken for a name."""

_HEADER: Final = re.compile(r"WEBVTT(?!\S)")
_OTHER_BLOCK: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?!\S)")
_NUMBER: Final = re.compile(r"\s*(?:[0-9]+|\S+/[0-9]+-[0-9]+)\s*")
_TIME: Final = re.compile(r"(?:([0-9]{2,3}):)?([0-5][0-9]):([0-5][0-9])[.,]([0-9]{3})")
_SETTING: Final = r"(?:align|line|position|region|size|vertical|[XY][12]):\S+"
_TIMES: Final = re.compile(rf"\s*{_TIME.pattern}\s*-->\s*{_TIME.pattern}(?:\s+{_SETTING})*\s*")
_MEANT_AS_TIMES: Final = re.compile(r"\s*[0-9]+[:.,][0-9:.,]*\s*-->")
_ANOTHER_ARROW: Final = re.compile(r"\s*[0-9]+:[0-9:]+[.,][0-9]+\s*(?:[-–—=]\s*)*(?:>|&gt;|→)")
_ABOVE_59: Final = re.compile(r"[0-9]{2}:[6-9][0-9]")
_MARK: Final = re.compile(
    r"<(?P<closes>/?)(?P<name>c|i|b|u|v|lang|ruby|rt|font)(?:[.\s][^<>]*)?>|<[0-9]+:[0-9:.]+>", re.IGNORECASE
)
_MUST_BE_CLOSED: Final = ("c", "i", "b", "u", "lang", "ruby", "font")
_SPEAKER: Final = re.compile(r"<v[.\s>]", re.IGNORECASE)
_PLACE: Final = re.compile(r"\{\\[^{}]*\}")
"""Where SRT shows a caption: `{\\an8}`."""

_CODED: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BEGINNING: Final = re.compile(r"([^:\n]{1,80}):(?:\s+|$)")


def read(content: bytes) -> Read:
    """Return the captions of any file, and what is wrong with it.

    Cues with an error are left out. If the file is something else, there is one problem and no cue.
    """
    if len(content) > LARGEST:
        return _refused(
            N_("This file is too large: it has %(bytes)s bytes, and captions have %(most)s at most."),
            bytes=len(content),
            most=LARGEST,
        )
    text = _decoded(content)
    if "\0" in text:
        return _refused(N_("This is no file of text. Choose the file with the captions: .vtt or .srt."))
    lines = list(enumerate(re.split(r"\r\n|\r|\n", text), start=1))
    blocks = [list(block) for filled, block in groupby(lines, lambda line: bool(line[1].strip())) if filled]
    if not blocks:
        return _refused(_EMPTY)
    header = blocks[0][0][1].strip()
    is_vtt = _HEADER.match(header) is not None
    if not is_vtt and (
        header.startswith("<") or not any(_has_times(line) or _has_another_arrow(line) for line in lines)
    ):
        return _refused(N_("These are no captions. Choose a file in the format WebVTT (.vtt) or SRT (.srt)."))
    if (count := sum(map(_has_times, lines))) > MOST_CUES:
        return _refused(
            N_("There are %(cues)s captions in this file, and at most %(most)s can be read."),
            cues=count,
            most=MOST_CUES,
        )
    found = list(_found(blocks, is_vtt))
    captions = [one for one in found if isinstance(one, _Caption)]
    cues, told = _cues(captions, may_name=header != _WITHOUT_NAMES)
    problems = [one for one in found if isinstance(one, Problem)]
    problems += [*told, *_oddities(captions), *_unreadable(lines)]
    if not cues and not any(problem.is_error for problem in problems):
        return _refused(_EMPTY)
    return Read(
        tuple(sorted(cues, key=lambda cue: cue.start)),
        tuple(sorted(problems, key=lambda problem: problem.line or 0)),
    )


def _refused(message: str, **values: object) -> Read:
    return Read((), (Problem(None, message, values),))


def _decoded(content: bytes) -> str:
    """Return a file as text. What is no letter becomes U+FFFD."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # UTF-8 may be damaged in some places. Windows-1252 has hardly a letter that fits it.
        text = content.decode("utf-8-sig", "replace")
        beyond_ascii = sum(letter > "\x7f" for letter in text)
        return text if 2 * text.count("\ufffd") <= beyond_ascii else content.decode("cp1252", "replace")


def _unreadable(lines: _Lines) -> Iterator[Problem]:
    for number, line in lines:
        if "\ufffd" in line:
            message = N_("There are letters in this line that cannot be read. Save the file as UTF-8 if you can.")
            yield Problem(number, message, is_error=False)


def _has_times(line: tuple[int, str]) -> bool:
    """Whether it is meant as a line with times, right or wrong."""
    return _MEANT_AS_TIMES.match(line[1]) is not None


def _has_another_arrow(line: tuple[int, str]) -> bool:
    """Whether it would be one with times, were its arrow right. In a caption it may be what is said."""
    return _ANOTHER_ARROW.match(line[1]) is not None


def _found(blocks: Sequence[_Lines], is_vtt: bool) -> Iterator[_Caption | Problem]:
    """Yield the captions, and what is wrong with a block by itself."""
    header, *others = blocks if is_vtt else ((), *blocks)
    for piece in _pieces(header[1:]):
        if any(map(_has_times, piece)):
            yield Problem(piece[0][0], _NOT_PARTED)
            yield from _caption(piece, is_vtt)
    for block in others:
        for at, piece in enumerate(_pieces(block)):
            if at:
                yield Problem(piece[0][0], _NOT_PARTED)
            yield from _caption(piece, is_vtt)


def _pieces(block: _Lines) -> Iterator[_Lines]:
    """Part a block where times show that another caption begins. A number above the times belongs to them."""
    bounds = {0, len(block)}
    for at, line in enumerate(block):
        if _has_times(line):
            above = at and not _has_times(block[at - 1]) and (at == 1 or _NUMBER.fullmatch(block[at - 1][1]))
            bounds.add(at - 1 if above else at)
    for start, end in pairwise(sorted(bounds)):
        yield block[start:end]


def _caption(piece: _Lines, is_vtt: bool) -> Iterator[_Caption | Problem]:
    """Yield the one caption of it, or else what is wrong."""
    example = {"example": "00:01:02.500 --> 00:01:05.000".replace(".", "." if is_vtt else ",")}
    at = next((at for at, line in enumerate(piece) if _has_times(line)), None)
    if at is None:
        yield from _no_times(piece, example)
        return
    (line, times), words = piece[at], piece[at + 1 :]
    raw = "\n".join(text for _, text in words)
    text = _plain(raw if is_vtt else _PLACE.sub("", raw))
    problems = [Problem(line, wrong, example) for wrong in _wrong_times(times, is_vtt)]
    problems += [
        Problem(number, N_("The text of a caption cannot have the sign --> in it."))
        for number, said in words
        if "-->" in said
    ]
    problems += _left_open(words)
    if not text:
        problems.append(Problem(line, _NO_TEXT))
    yield from problems
    if not problems:
        number = piece[0][1].strip() if at else ""
        yield _Caption(piece[0][0], line, number, *_span(times), text, _SPEAKER.search(raw) is not None)


def _no_times(piece: _Lines, example: Mapping[str, object]) -> Iterator[Problem]:
    for line in piece:
        if _has_another_arrow(line):
            message = N_("The arrow between two times has two hyphens, like this: %(example)s")
            yield Problem(line[0], message, example)
            return
        if "-->" in line[1]:
            yield Problem(line[0], _WRONG_TIMES, example)
            return
    if not _OTHER_BLOCK.match(piece[0][1]):
        message = N_("There are no times above this text. A line with times looks like this: %(example)s")
        yield Problem(piece[0][0], message, example)


def _wrong_times(times: str, is_vtt: bool) -> Iterator[str]:
    """Yield the one thing that is wrong, if anything is."""
    if times.rstrip().endswith("-->"):
        yield N_("There is no time at which this caption ends. A line with times looks like this: %(example)s")
    elif _ABOVE_59.search(times):
        yield N_("Minutes and seconds are 59 at most. A line with times looks like this: %(example)s")
    elif not _TIMES.fullmatch(times):
        yield _WRONG_TIMES
    elif is_vtt and any("," in time[0] for time in _TIME.finditer(times)):
        yield N_("In this kind of file, times have a full stop and no comma, like this: %(example)s")
    else:
        start, end = _span(times)
        if end == start:
            yield N_("The caption ends at the moment it begins, so nobody can see it.")
        elif end < start:
            yield N_("The caption ends before it begins.")


def _span(times: str) -> tuple[int, int]:
    start, end = map(_milliseconds, islice(_TIME.finditer(times), 2))
    return start, end


def _milliseconds(time: re.Match[str]) -> int:
    hours, minutes, seconds, thousandths = (int(digits or 0) for digits in time.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _plain(raw: str) -> str:
    """Return a caption's text without marks. What is coded is a letter, and never a mark."""
    decoded = _CODED.sub(lambda code: html.unescape(code[0]), _MARK.sub("", raw))
    lines = (line.strip() for line in re.split(r"[\r\n]", _CONTROL.sub(" ", decoded)))
    return "\n".join(filter(None, lines))


def _left_open(lines: _Lines) -> Iterator[Problem]:
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in lines:
        for mark in _MARK.finditer(line):
            name = (mark["name"] or "").lower()
            if not mark["closes"]:
                opened[name].append(number)
            elif opened[name]:
                opened[name].pop()
    for name in _MUST_BE_CLOSED:
        for number in opened[name]:
            yield Problem(number, N_("The mark <%(mark)s> begins here, and </%(mark)s> is missing."), {"mark": name})


def _oddities(captions: Iterable[_Caption]) -> Iterator[Problem]:
    """Yield what is no error: any player copes with it, and perhaps it was not meant."""
    begun = ended = 0
    numbers: set[str] = set()
    for caption in captions:
        if caption.number and caption.number in numbers:
            message = N_("Another caption above has the number %(number)s too.")
            yield Problem(caption.first, message, {"number": caption.number}, is_error=False)
        if caption.start < begun:
            message = N_("This caption begins before the one above it. We have put it where it belongs.")
            yield Problem(caption.line, message, is_error=False)
        elif caption.start < ended:
            message = N_("This caption begins before the one above it has ended. Both are shown for a while.")
            yield Problem(caption.line, message, is_error=False)
        numbers.add(caption.number)
        begun, ended = max(begun, caption.start), max(ended, caption.end)


def _cues(captions: Sequence[_Caption], *, may_name: bool) -> tuple[list[Cue], list[Problem]]:
    """Return the cues without speakers' names, and what is told of names."""
    beginnings = [_beginning(caption) for caption in captions]
    names = _names(beginnings) if may_name else {}
    cues, problems = [], []
    for caption, name in zip(captions, beginnings, strict=True):
        text = caption.text[len(name) + 1 :].lstrip() if names.get(name) else caption.text
        if text:
            cues.append(Cue(caption.start, caption.end, text))
        else:
            problems.append(Problem(caption.line, _NO_TEXT))
    first = {name: caption.line + 1 for name, caption in zip(reversed(beginnings), reversed(captions), strict=True)}
    for name, is_taken in names.items():
        taken = N_("We took “%(name)s” for the name of a speaker, and left it out.")
        left = N_("If “%(name)s” is the name of a speaker, take it out of the file: captions are public.")
        problems.append(Problem(first[name], taken if is_taken else left, {"name": name}, is_error=False))
    return cues, problems


def _beginning(caption: _Caption) -> str:
    """Return what may be a speaker's name before a colon, or nothing."""
    found = None if caption.is_marked else _BEGINNING.match(caption.text)
    return found[1] if found else ""


def _names(beginnings: Sequence[str]) -> dict[str, bool]:
    """Return what may be a speaker's name, and whether we take it for one."""
    times = Counter(filter(None, beginnings))
    has_speakers = 2 * times.total() > len(beginnings) and max(times.values()) > 1
    return {
        name: has_speakers and (count > 1 or _is_like_a_name(name))
        for name, count in times.items()
        if has_speakers or _is_like_a_name(name)
    }


def _is_like_a_name(words: str) -> bool:
    """Whether it is like `Børnebibliotekar 2` and not like `Dagens program` or `Kl. 10`."""
    return "." not in words and not any(word.lstrip("(")[:1].islower() for word in words.split())


def to_vtt(cues: Iterable[Cue]) -> str:
    """Return the cues, in the order in which they begin, as WebVTT that `read` takes for the same cues."""
    blocks = (f"{_clock(cue.start)} --> {_clock(cue.end)}\n{html.escape(cue.text, quote=False)}" for cue in cues)
    return "\n\n".join((_WITHOUT_NAMES, *blocks)) + "\n"


def to_json(cues: Iterable[Cue]) -> bytes:
    """Return the cues as they are kept, to be read again without a doubt and in no time."""
    return json.dumps([[cue.start, cue.end, cue.text] for cue in cues], ensure_ascii=False).encode()


def of_json(kept: bytes) -> tuple[Cue, ...]:
    """Return cues that are kept."""
    return tuple(Cue(*one) for one in json.loads(kept))


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def transcript(cues: Iterable[Cue]) -> tuple[Paragraph, ...]:
    """Return what is said, to be read: a new paragraph after a pause, and where one gets long."""
    paragraphs: list[Paragraph] = []
    ended = 0
    for cue in cues:
        words = cue.text.replace("\n", " ")
        if paragraphs and cue.start - ended < PAUSE and not _is_long(paragraphs[-1].text):
            last = paragraphs.pop()
            paragraphs.append(Paragraph(last.start, f"{last.text} {words}"))
        else:
            paragraphs.append(Paragraph(cue.start, words))
        ended = max(ended, cue.end)
    return tuple(paragraphs)


def _is_long(text: str) -> bool:
    ends_a_sentence = text.rstrip("\"'”’»)").endswith((".", "!", "?", "…"))
    return len(text) >= (PARAGRAPH if ends_a_sentence else 2 * PARAGRAPH)
