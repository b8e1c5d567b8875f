"""JSON of questions as the coordinator API takes and gives it. What each field means stands in the model."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Wire
from shared.gatherings.questions import Condition, Option, Question, QuestionKind
from shared.ids import new_id

Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Words = dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], Annotated[str, Field(max_length=500)]]


class OptionBody(Wire):
    """An answer to choose from. An id left out is made; send it back, or those who chose the answer lose it."""

    id: Id | None = None
    label: Words

    def to_domain(self) -> Option:
        """Return the option."""
        return Option(self.id or new_id(), self.label)


class ConditionBody(Wire):
    """The question is for those who gave one of these answers to an earlier one. Yes and no are `yes` and `no`."""

    question: Id
    any_of: list[Id] = Field(min_length=1, max_length=50)

    def to_domain(self) -> Condition:
        """Return the condition."""
        return Condition(self.question, tuple(self.any_of))


class QuestionBody(Wire):
    """A question. An id left out is made; send it back, or the answers given are to another question."""

    id: Id | None = None
    kind: QuestionKind
    label: Words
    help: Words = {}
    required: bool = False
    options: list[OptionBody] = Field(default=[], max_length=50)
    shown_if: ConditionBody | None = None

    def to_domain(self) -> Question:
        """Return the question."""
        return Question(
            id=self.id or new_id(),
            kind=self.kind,
            label=self.label,
            help=self.help,
            required=self.required,
            options=tuple(option.to_domain() for option in self.options),
            shown_if=self.shown_if.to_domain() if self.shown_if else None,
        )


def editable(question: Question) -> dict[str, Any]:
    """Return a question as the API takes it."""
    condition = question.shown_if
    return {
        "id": question.id,
        "kind": question.kind.value,
        "label": dict(question.label),
        "help": dict(question.help),
        "required": question.required,
        "options": [{"id": option.id, "label": dict(option.label)} for option in question.options],
        "shown_if": {"question": condition.question, "any_of": list(condition.any_of)} if condition else None,
    }
