"""What coordinators are told of views: by webinar, by theme, and in all."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shared.themes.model import Themes
from shared.viewing.model import Tally
from shared.viewing.ports import ViewStore
from shared.webinars.model import State, Webinar


@dataclass(frozen=True, slots=True)
class Report:
    """What was watched, the most played first. A webinar on two themes, by their slugs, counts in both."""

    webinars: tuple[tuple[Webinar, Tally], ...]
    themes: tuple[tuple[str, Tally], ...]

    @property
    def total(self) -> Tally:
        """All webinars together, each once."""
        return sum((tally for _, tally in self.webinars), Tally())


def report(since: str | None, until: str, *, store: ViewStore, webinars: Iterable[Webinar], themes: Themes) -> Report:
    """Return what was watched from one month until another, of webinars that are shown, or were watched then."""
    plays, completed = Counter[str](), Counter[str]()
    for count in store.counted(since, until):
        plays[count.webinar] += count.plays
        completed[count.webinar] += count.completed
    shown = [one for one in webinars if one.state is State.PUBLISHED or one.id in plays]
    watched = [(one, _tally(one, plays[one.id], completed[one.id])) for one in shown]
    by_theme: defaultdict[str, Tally] = defaultdict(Tally)
    for webinar, tally in watched:
        for theme in {themes.target(slug) for slug in webinar.themes}:
            by_theme[theme] += tally
    return Report(
        tuple(sorted(watched, key=lambda each: (-each[1].plays, each[0].slug))),
        tuple(sorted(by_theme.items(), key=lambda each: (-each[1].plays, each[0]))),
    )


def _tally(webinar: Webinar, plays: int, completed: int) -> Tally:
    return Tally(plays, plays, completed) if webinar.recording else Tally(plays)
