"""The form of what the mails of a gathering say in the coordinators' own words."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.forms import fields
from chalicelib.forms.fields import Reader
from chalicelib.mail_history import KINDS
from shared.gatherings import wording
from shared.gatherings.model import Gathering
from shared.notify.model import MailKind

LABELS: Final[Mapping[str, str]] = {f"texts.{kind}": KINDS[MailKind(kind)] for kind in wording.KINDS}


def to_fields(gathering: Gathering, languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the fields as they show a gathering."""
    texts = gathering.texts
    return dict(
        field for kind in wording.KINDS for field in fields.text_fields(f"texts.{kind}", texts.get(kind, {}), languages)
    )


def read(reader: Reader) -> dict[str, dict[str, str]]:
    """Return the words by kind of mail and language, as the API takes them."""
    return {kind: reader.words(f"texts.{kind}") for kind in wording.KINDS}
