"""A line of the table."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `at_most` and `at_least` are the bars of design.md, if there is one."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return f"{self.value:,.1f} {self.unit}".replace(".0 ", " ")

    @property
    def bar_shown(self) -> str:
        """The bar as people read it."""
        if self.at_most is not None and self.at_least is not None:
            return f"{self.at_most:g}"
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def verdict(self) -> str:
        """`met` in a word."""
        return {None: "", True: "yes", False: "NO"}[self.met]

    def as_json(self) -> dict[str, Any]:
        """Return the row with its verdict."""
        return {**asdict(self), "met": self.met}
