"""Questions in forms: where a participant's answers stand, and how a coordinator edits what is asked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from shared.gatherings.model import slug_of
from shared.gatherings.questions import NO, YES, QuestionKind
from shared.refusals import N_, Fault

Fields = Mapping[str, list[str]]
"""A form's fields, each with all its values."""

QuestionDict = dict[str, Any]
"""A question as the coordinator API takes it, though perhaps not yet one that it would take."""

LONGEST_ID: Final = 40
OF_ANOTHER: Final = "of--another"
"""What no option is called."""

_FAULT: Final = re.compile(r"(?:participants\.([0-9]+)\.)?(answers|needs)\.(.+)")
_BUTTON: Final = re.compile(r"question-(?:(add)|(remove|up|down)-([0-9]+))")


@dataclass(frozen=True, slots=True)
class Editor:
    """What the coordinator's form shows: questions as the API takes them, and what is wrong with them."""

    questions: Sequence[QuestionDict]
    faults: tuple[Fault, ...] = ()

    @property
    def faults_of_all(self) -> tuple[Fault, ...]:
        """What is wrong with no single question."""
        return tuple(fault for fault in self.faults if fault.field == "questions")

    def faults_of(self, at: int, *part: str) -> tuple[Fault, ...]:
        """What is wrong with a part of one question, or with anything inside that part."""
        name = ".".join(("questions", str(at), *part))
        return tuple(fault for fault in self.faults if fault.field == name or fault.field.startswith(f"{name}."))

    def deciding(self, at: int) -> list[tuple[QuestionDict, list[tuple[str, Any]]]]:
        """The questions that one may depend on, each with its answers: id, and words by language or a sentence."""
        return [(one, _choices(one)) for one in self.questions[:at] if _choices(one)]


def field_of(fault: str) -> str | None:
    """Return the form field that a fault of answers or needs is about; None for other faults.

    `participants.1.answers.bus` is `p1-q-bus`, and `needs.diet` is `needs-diet`.
    """
    found = _FAULT.fullmatch(fault)
    if found is None:
        return None
    person, part, name = found.groups()
    prefix = "" if person is None else f"p{person}-"
    return f"{prefix}q-{name}" if part == "answers" else f"{prefix}needs-{name}"


def needs_from_form(fields: Fields, prefix: str = "") -> dict[str, str]:
    """Return diet and accommodation as they were typed."""
    return {name: _last(fields, f"{prefix}needs-{name}") for name in ("diet", "accommodation")}


def questions_from_form(fields: Fields, *, languages: Sequence[str]) -> list[QuestionDict]:
    """Return the questions that the editor's fields describe."""
    return [_question(fields, at, languages) for at in _rows(fields)]


def pressed(button: str, questions: list[QuestionDict], *, new_id: Callable[[], str]) -> list[QuestionDict] | None:
    """Return the questions after one of the editor's own buttons; None when it was another button of the form."""
    found = _BUTTON.fullmatch(button)
    if found is None:
        return None
    added, action, row = found.groups()
    if added:
        return [*questions, _empty(new_id())]
    at = int(row)
    others = questions[:at] + questions[at + 1 :]
    if action == "remove" or at >= len(questions):
        return others
    to = max(0, at - 1) if action == "up" else at + 1
    return [*others[:to], questions[at], *others[to:]]


def _choices(question: QuestionDict) -> list[tuple[str, Any]]:
    if question["kind"] == QuestionKind.YES_NO:
        return [(YES, N_("Yes")), (NO, N_("No"))]
    return [(option["id"], option["label"]) for option in question["options"]]


def _empty(id: str) -> QuestionDict:
    return {
        "id": id,
        "kind": QuestionKind.TEXT.value,
        "label": {},
        "help": {},
        "required": False,
        "options": [],
        "shown_if": None,
    }


def _rows(fields: Fields) -> Iterator[str]:
    at = 0
    while f"question-{at}-id" in fields:
        yield f"question-{at}"
        at += 1


def _question(fields: Fields, row: str, languages: Sequence[str]) -> QuestionDict:
    return {
        "id": _last(fields, f"{row}-id"),
        "kind": _last(fields, f"{row}-kind"),
        "label": _words(fields, f"{row}-label", languages),
        "help": _words(fields, f"{row}-help", languages),
        "required": f"{row}-required" in fields,
        "options": _options(fields, row, languages),
        "shown_if": _condition(fields.get(f"{row}-if", [])),
    }


def _words(fields: Fields, name: str, languages: Sequence[str]) -> dict[str, str]:
    typed = {language: _last(fields, f"{name}-{language}").strip() for language in languages}
    return {language: words for language, words in typed.items() if words}


def _options(fields: Fields, row: str, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Read the options, one a line in each language. Those of a kind without options stay away."""
    if _last(fields, f"{row}-kind") in (QuestionKind.TEXT, QuestionKind.YES_NO):
        return []
    first, *others = languages
    lines = {first: [line for line in _lines(fields, row, first) if line]}
    # A blank line in another language is an option without translation.
    lines |= {language: _lines(fields, row, language) for language in others}
    labels = [
        {language: said for language, said in zip(languages, row_of, strict=True) if said}
        for row_of in zip_longest(*lines.values(), fillvalue="")
    ]
    ids = _kept_ids([label.get(first, "") for label in labels], fields.get(f"{row}-option", []))
    return [{"id": id, "label": label} for id, label in zip(ids, labels, strict=True)]


def _lines(fields: Fields, row: str, language: str) -> list[str]:
    return [line.strip() for line in _last(fields, f"{row}-options-{language}").rstrip().splitlines()]


def _kept_ids(labels: list[str], before: list[str]) -> list[str]:
    """Return an id for each label. `before` holds `id:label` of what was there.

    A label that stood there keeps its id, wherever it stands now. While their number is the same, a label that is new
    is an old one reworded, in its place. Those who have chosen an option must not end up with another.
    """
    known = {label: id for id, _, label in (one.partition(":") for one in before)}
    olds = list(known.values())
    ids: list[str] = []
    for at, label in enumerate(labels):
        reworded = olds[at] if len(olds) == len(labels) and list(known)[at] not in labels else None
        ids.append(known.get(label) or reworded or _new_option_id(label, {*olds, *ids}))
    return ids


def _new_option_id(label: str, taken: set[str]) -> str:
    stem = slug_of(label)[: LONGEST_ID - 3].strip("-") or "option"
    return next(id for id in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if id not in taken)


def _condition(ticked: list[str]) -> dict[str, Any] | None:
    """Read the ticked answers, each `question:answer`. One of a second question stays, as an answer that the first
    does not have: so the rules refuse it, and it is not lost unsaid."""
    if not ticked:
        return None
    question = ticked[0].partition(":")[0]
    pairs = [one.partition(":") for one in ticked]
    return {"question": question, "any_of": [id if of == question else OF_ANOTHER for of, _, id in pairs]}


def _last(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[-1]
