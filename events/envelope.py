"""The form every fact travels in."""

from typing import ClassVar, Generic, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Contract(BaseModel):
    """Base of all facts: what happened, in the past tense, with ids and never with personal data.

    `TYPE` and `VERSION` are the name on the wire: renaming the class does not change them. Unknown fields are ignored,
    so adding an optional field is no new version; anything else is.
    """

    # Most functions read and write few of the facts: each is made ready when it is first used.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]


C = TypeVar("C", bound=Contract)


class Envelope(BaseModel, Generic[C]):
    """One fact about one subject.

    `subject_version` rises by one with each change of the subject. Facts arrive more than once and in any order: a
    consumer applies what is newer than what it has seen. `id` is the same each time the same fact arrives.
    """

    # Most functions read and write few of the facts: each is made ready when it is first used.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    id: str = Field(min_length=1)
    type: str
    version: int = Field(ge=1)
    subject: str = Field(min_length=1)
    subject_version: int = Field(ge=1)
    at: AwareDatetime
    correlation_id: str
    data: C

    @classmethod
    def of(
        cls, data: C, *, id: str, subject: str, subject_version: int, at: AwareDatetime, correlation_id: str
    ) -> Self:
        """Wrap a fact under its name on the wire."""
        return cls(
            id=id,
            type=data.TYPE,
            version=data.VERSION,
            subject=subject,
            subject_version=subject_version,
            at=at,
            correlation_id=correlation_id,
            data=data,
        )
