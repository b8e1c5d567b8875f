"""Facts about themes."""

from typing import ClassVar

from events.envelope import Contract


class ThemesChanged(Contract):
    """Themes have other names, goals or another order, there are more of them, or one has become part of another."""

    TYPE: ClassVar = "ThemesChanged"
    VERSION: ClassVar = 1
