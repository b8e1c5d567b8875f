"""What a gathering asks those who register: the questions a coordinator may ask, and the answers that fit them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared import free_text
from shared.refusals import N_, Fault, Invalid

MOST: Final = 20
"""Questions of one gathering."""

LONGEST_ANSWER: Final = 1000
"""Characters of a text."""

YES: Final = "yes"
NO: Final = "no"

Text = Mapping[str, str]
"""A text by language code."""

Answer = str | tuple[str, ...] | bool
"""A text, an option's id, several of them, or yes and no."""

Given = str | list[str] | bool
"""An answer as it was sent."""

_NUMBERS: Final = re.compile(
    r"\bcpr|person-?(num(mer|re)|nr\b)|civil registration|national id(entity)?\b|social security"
    r"|sidste\s+(4|fire)\s+cifre|last\s+(4|four)\s+digits",
    re.IGNORECASE,
)
_UNIONS: Final = re.compile(
    r"fagforening|fagforbund|faglig\w*\s+(organis|medlem)|\ba[\s-]?kasse|arbejdsløshedskasse"
    r"|bibliotekarforbund|magisterforening|forbundet kultur og information|forbund\w*\s+er\s+du\s+(medlem|i)\b"
    r"|\ber\s+du\s+organiseret\b|\ber\s+du\s+(hk|bf|dm|djøf)[’']?er\b"
    r"|medlem\s+(af|i)\s+(et\s+|dit\s+)?(\w*forbund\w*|hk|bf|dm|fki|foa|3f|bupl|djøf|ida)\b"
    r"|(trade|labou?r)[\s-]+union|(?<!european )\bunion\s+(member|rep)|(in|of)\s+(an?|the|your|any)\s+union\b"
    r"|unionised|unionized|unemployment\s+(insurance\s+)?fund",
    re.IGNORECASE,
)


class QuestionKind(StrEnum):
    """What an answer looks like."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"

    @property
    def has_options(self) -> bool:
        """Whether there are options to choose from."""
        return self in (QuestionKind.CHOICE, QuestionKind.CHOICES)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """Who is asked: those who gave one of these answers to an earlier question. Yes and no are `yes` and `no`."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be asked. `required` holds for those whom it is shown to."""

    id: str
    kind: QuestionKind
    label: Text
    help: Text = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    shown_if: Condition | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The ids that an answer may consist of; none for a text."""
        if self.kind is QuestionKind.YES_NO:
            return YES, NO
        return tuple(option.id for option in self.options)

    def is_shown(self, answers: Mapping[str, Answer]) -> bool:
        """Whether it is asked, given the answers to those before it that are shown."""
        condition = self.shown_if
        return condition is None or not set(condition.any_of).isdisjoint(chosen(answers.get(condition.question)))


def chosen(answer: Answer | None) -> tuple[str, ...]:
    """Return the ids that an answer consists of. A text is its own, and matches no option's."""
    if answer is None:
        return ()
    if isinstance(answer, bool):
        return (YES if answer else NO,)
    return (answer,) if isinstance(answer, str) else answer


def faults(questions: Sequence[Question], *, languages: tuple[str, ...]) -> Iterator[Fault]:
    """Yield what is wrong with questions as a coordinator wrote them, each named by its place in the list."""
    if len(questions) > MOST:
        yield Fault("questions", N_("Ask at most %(limit)s questions."), {"limit": MOST})
    if len({one.id for one in questions}) < len(questions):
        yield Fault("questions", N_("Two questions have the same id."))
    for at, question in enumerate(questions):
        place = f"questions.{at}"
        yield from _wording_faults(question, place, languages)
        yield from _option_faults(question, place)
        yield from _condition_faults(question, place, questions[:at])


def check(questions: Sequence[Question], given: Mapping[str, Given], *, complete: bool) -> dict[str, Answer]:
    """Return the answers by question, tidy, without empty ones and without those to questions that are not shown.

    Unless `complete`, what is required may be missing: somebody else fills in, and the person is asked later.
    Raise Invalid naming `answers.<question id>`.
    """
    found = [Fault(f"answers.{id}", N_("There is no such question.")) for id in sorted(set(given) - _ids(questions))]
    kept: dict[str, Answer] = {}
    for question in questions:
        if not question.is_shown(kept):
            continue
        try:
            answer = _fitting(question, given.get(question.id, ""))
        except Invalid as invalid:
            found += invalid.faults
            continue
        if answer is not None:
            kept[question.id] = answer
        elif question.required and complete:
            found.append(Fault(f"answers.{question.id}", N_("Answer this question.")))
    if found:
        raise Invalid(*found)
    return kept


def unanswered(questions: Sequence[Question], answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """Return the required questions that are shown, given these answers, and still lack one."""
    return tuple(one for one in shown(questions, answers) if one.required and one.id not in answers)


def shown(questions: Sequence[Question], answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """Return the questions that are asked, given these answers."""
    seen: dict[str, Question] = {}
    for question in questions:
        # What was answered before a question came to depend on another is no answer while that one is not shown.
        if question.is_shown({id: answer for id, answer in answers.items() if id in seen}):
            seen[question.id] = question
    return tuple(seen.values())


def from_form(questions: Sequence[Question], fields: Mapping[str, list[str]], prefix: str = "") -> dict[str, Given]:
    """Return what a form's fields `<prefix>q-<question id>` say. What has no field, or nothing in it, is left out."""
    given: dict[str, Given] = {}
    for question in questions:
        values = [value for value in fields.get(f"{prefix}q-{question.id}", []) if value]
        if values:
            given[question.id] = _read(question.kind, values)
    return given


def _read(kind: QuestionKind, values: list[str]) -> Given:
    if kind is QuestionKind.CHOICES:
        return values
    if kind is QuestionKind.YES_NO and values[-1] in (YES, NO):
        return values[-1] == YES
    return values[-1]


def _fitting(question: Question, given: Given) -> Answer | None:
    """Return the answer, None if it is empty. Raise Invalid."""
    name = f"answers.{question.id}"
    match question.kind, given:
        case _, "" | []:
            return None
        case QuestionKind.YES_NO, bool():
            return given
        case QuestionKind.CHOICE, str() if given in question.choices:
            return given
        case QuestionKind.CHOICES, list() if set(given) <= set(question.choices):
            # In the order of the options, each once.
            return tuple(id for id in question.choices if id in given)
        case QuestionKind.TEXT, str():
            text = free_text.tidy(given)
            if wrong := tuple(free_text.faults(name, text, longest=LONGEST_ANSWER)):
                raise Invalid(*wrong)
            return text or None
        case QuestionKind.TEXT, _:
            raise Invalid(Fault(name, N_("This must be a text.")))
        case _:
            raise Invalid(Fault(name, N_("Choose among the answers that are there.")))


def _ids(questions: Sequence[Question]) -> set[str]:
    return {question.id for question in questions}


def _wording_faults(question: Question, place: str, languages: tuple[str, ...]) -> Iterator[Fault]:
    first = languages[0]
    if not question.label.get(first, "").strip():
        yield Fault(f"{place}.label.{first}", N_("Write the question."))
    for at, option in enumerate(question.options):
        if not option.label.get(first, "").strip():
            yield Fault(f"{place}.options.{at}.label.{first}", N_("Write what can be chosen."))
    for name, text in _texts(question, place):
        for language, words in text.items():
            if language not in languages:
                yield Fault(f"{name}.{language}", N_("This network does not use that language."))
            elif _NUMBERS.search(words):
                yield Fault(
                    f"{name}.{language}",
                    N_(
                        "CPR numbers may not be asked for: nothing here needs them (databeskyttelsesloven, section 11)."
                    ),
                )
            elif _UNIONS.search(words):
                yield Fault(
                    f"{name}.{language}",
                    N_(
                        "Do not ask about trade unions or unemployment funds: who is a member of a union is among the"
                        " most protected data (GDPR, Article 9)."
                    ),
                )


def _texts(question: Question, place: str) -> Iterator[tuple[str, Text]]:
    yield f"{place}.label", question.label
    yield f"{place}.help", question.help
    for at, option in enumerate(question.options):
        yield f"{place}.options.{at}.label", option.label


def _option_faults(question: Question, place: str) -> Iterator[Fault]:
    if question.kind.has_options and len(question.options) < 2:
        yield Fault(f"{place}.options", N_("Give at least two answers to choose from."))
    if not question.kind.has_options and question.options:
        yield Fault(f"{place}.options", N_("Only a question with a choice has answers to choose from."))
    if len({option.id for option in question.options}) < len(question.options):
        yield Fault(f"{place}.options", N_("Two answers are the same."))


def _condition_faults(question: Question, place: str, earlier: Sequence[Question]) -> Iterator[Fault]:
    condition = question.shown_if
    if condition is None:
        return
    asked = {one.id: one for one in earlier}.get(condition.question)
    if asked is None or not asked.choices:
        yield Fault(f"{place}.shown_if.question", N_("Choose an earlier question that has answers to choose from."))
    elif not condition.any_of or not set(condition.any_of) <= set(asked.choices):
        yield Fault(f"{place}.shown_if.any_of", N_("Choose among the answers of one earlier question."))
