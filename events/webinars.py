"""Facts about webinars."""

from typing import ClassVar

from events.envelope import Contract


class WebinarPublished(Contract):
    """A webinar is shown to everybody from now on."""

    TYPE: ClassVar = "WebinarPublished"
    VERSION: ClassVar = 1

    webinar_id: str


class WebinarChanged(Contract):
    """A webinar with a page of its own, shown or hidden, was changed."""

    TYPE: ClassVar = "WebinarChanged"
    VERSION: ClassVar = 1

    webinar_id: str


class WebinarDue(Contract):
    """The day has come on which somebody looks at a webinar anew: its owner is to be told."""

    TYPE: ClassVar = "WebinarDue"
    VERSION: ClassVar = 1

    webinar_id: str


class WebinarHidden(Contract):
    """A webinar is shown no longer. Its page says so."""

    TYPE: ClassVar = "WebinarHidden"
    VERSION: ClassVar = 1

    webinar_id: str
