"""Facts about resources."""

from typing import ClassVar

from events.envelope import Contract


class ResourceChanged(Contract):
    """A resource that everybody sees, or saw until now, is new, changed, hidden or gone."""

    TYPE: ClassVar = "ResourceChanged"
    VERSION: ClassVar = 1

    resource_id: str
