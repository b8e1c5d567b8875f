"""What was published last, for those who follow it in a reader: JSON Feed 1.1 and RSS 2.0."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from feedgenerator import Enclosure, Rss201rev2Feed

from shared.catalogue.model import Card, recording_addresses
from shared.i18n import Voice
from shared.network import Network
from shared.themes.model import Theme, Themes
from shared.webinars.recording import Recording

JSON: Final = "application/feed+json"
RSS: Final = "application/rss+xml"

MOST: Final = 50
"""How many webinars a feed tells of."""

_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A recording that lies here: `size` is in bytes, `duration` in ms."""

    url: str
    type: str
    size: int
    duration: int
    poster: str


@dataclass(frozen=True, slots=True)
class Item:
    """A webinar. `id` is its address in the network's first language: the same in the feeds of all."""

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime
    themes: tuple[str, ...]
    recording: Enclosed | None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says, in one language. `home` is the address of the list it is about, `address` what the feed's own
    addresses begin with.
    """

    title: str
    about: str
    language: str
    home: str
    address: str
    items: tuple[Item, ...]


def feed(
    path: str, cards: Sequence[Card], themes: Themes, theme: Theme | None, *, voice: Voice, network: Network
) -> Feed:
    """Return the feed of webinars, all or those on a theme. `path` is what its addresses begin with."""

    def url(path: str, language: str = voice.language) -> str:
        return network.base_url + network.address(path, language)

    latest = sorted(cards, key=lambda card: card.published_at, reverse=True)[:MOST]
    name = voice.say("Webinars") if theme is None else voice.text(theme.name)
    general = voice.say("Recorded webinars for people who work in libraries, with captions and transcripts.")
    return Feed(
        f"{network.short_name}: {name}",
        (voice.text(theme.description) if theme else "") or general,
        voice.language,
        url(path if theme is None else path.removesuffix("/")),
        url(path),
        tuple(
            Item(
                url(card.path, network.languages[0]),
                url(card.path),
                voice.text(card.title),
                voice.text(card.summary) or voice.text(card.title),
                card.published_at.astimezone(network.zone),
                tuple(voice.text(one.name) for one in themes.known(card.themes)),
                _enclosed(card.recording, network) if card.recording else None,
            )
            for card in latest
        ),
    )


def to_json(told: Feed) -> bytes:
    """Return it as a JSON Feed (1.1)."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": told.title,
            "description": told.about,
            "home_page_url": told.home,
            "feed_url": f"{told.address}feed.json",
            "language": told.language,
            "items": [
                {
                    "id": item.id,
                    "url": item.url,
                    "title": item.title,
                    "content_text": item.summary,
                    "date_published": item.published_at.isoformat(timespec="seconds"),
                    "tags": item.themes,
                    **(_attached(item.recording) if item.recording else {}),
                }
                for item in told.items
            ],
        },
        ensure_ascii=False,
    ).encode()


def to_rss(told: Feed) -> bytes:
    """Return it as RSS (2.0)."""
    written = _Rss(told.title, told.home, told.about, language=told.language, feed_url=f"{told.address}feed.xml")
    for item in told.items:
        written.add_item(
            item.title,
            item.url,
            html.escape(item.summary, quote=False),  # Readers take a description for HTML, and a title for text.
            unique_id=item.id,
            unique_id_is_permalink=True,
            pubdate=item.published_at,
            categories=item.themes,
            enclosures=[_enclosure(item.recording)] if item.recording else [],
        )
    return str(written.writeString("utf-8")).encode()


def _enclosed(recording: Recording, network: Network) -> Enclosed:
    url, poster = recording_addresses(recording, network.base_url)
    return Enclosed(url, recording.type, recording.size, recording.duration, poster)


def _attached(recording: Enclosed) -> dict[str, Any]:
    attachment = {
        "url": recording.url,
        "mime_type": recording.type,
        "size_in_bytes": recording.size,
        "duration_in_seconds": recording.duration // 1000,
    }
    return {"image": recording.poster, "attachments": [attachment]}


def _enclosure(recording: Enclosed) -> Enclosure:
    return Enclosure(recording.url, str(recording.size), recording.type)


class _Rss(Rss201rev2Feed):  # type: ignore[misc]
    """RSS that is the same as long as nothing else is published: it is dated by what is in it, or not of our days."""

    def latest_post_date(self) -> datetime:
        return max((item["pubdate"] for item in self.items), default=_BEFORE_ALL)
