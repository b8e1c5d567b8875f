"""What coordinators write to people in their own words, with fields that each mail fills in."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from shared import free_text
from shared.refusals import N_, Fault

FIELDS: Final[Mapping[str, str]] = {
    "navn": N_("the person’s name"),
    "titel": N_("the title of the gathering"),
    "tid": N_("when it is"),
    "sted": N_("where it is"),
    "kontakt": N_("the address for questions"),
}
"""The fields by name, each with what it becomes, to be translated. They are written in braces: `{navn}`."""

OF_ONE_KIND: Final[Mapping[str, Mapping[str, str]]] = {"recording": {"optagelse": N_("the link to the recording")}}
"""The fields that mails of one kind have besides."""

KINDS: Final = ("confirmation", "waitlist", "offer", "reminder", "cancellation", "certificate", "recording")
"""The kinds of mail that say something in the coordinators' own words, besides what they must say."""

LONGEST: Final = 2_000
"""Of own words in a mail, in characters."""

_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def faults(field: str, text: str, kind: str = "") -> Iterator[Fault]:
    """Yield what is wrong with the fields in a text of a kind of mail, which stands in `field` of a form."""
    known = (*FIELDS, *OF_ONE_KIND.get(kind, ()))
    for name in _FIELD.findall(text):
        if name.strip() not in known:
            message = N_("There is no field {%(name)s}. There are: %(fields)s.")
            yield Fault(field, message, {"name": name, "fields": ", ".join(f"{{{one}}}" for one in known)})
    if re.search(r"[{}]", _FIELD.sub("", text)):
        yield Fault(field, N_("A brace opens or closes that belongs to no field."))


def text_faults(texts: Mapping[str, Mapping[str, str]], *, languages: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with own words, which are tidy, by kind of mail and language."""
    for kind, text in texts.items():
        if kind not in KINDS:
            yield Fault(f"texts.{kind}", N_("There is no such mail, or it takes no words of your own."))
        yield from free_text.by_language(f"texts.{kind}", text, languages=languages, longest=LONGEST)
        for language, words in text.items():
            yield from faults(f"texts.{kind}.{language}", words, kind)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its fields filled in. One that there is not stays as it was written."""
    return _FIELD.sub(lambda found: values.get(found[1].strip(), found[0]), text)
