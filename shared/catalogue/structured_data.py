"""What search engines are told of a webinar, in the words of schema.org."""

from typing import Any

from shared.catalogue.model import recording_addresses
from shared.i18n import Voice
from shared.network import Network
from shared.webinars.model import Webinar
from shared.webinars.recording import Recording


def video(webinar: Webinar, *, url: str, voice: Voice, network: Network) -> dict[str, Any]:
    """Return a `VideoObject`. `url` is the page's address."""
    published = webinar.published_at
    told = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": voice.text(webinar.title),
        "description": voice.text(webinar.summary) or voice.text(webinar.title),
        "url": url,
        "uploadDate": published.astimezone(network.zone).isoformat(timespec="seconds") if published else None,
        "dateCreated": webinar.held_on.isoformat(),
        "inLanguage": webinar.spoken,
        "embedUrl": webinar.link,
        **(_file(webinar.recording, network) if webinar.recording else {}),
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": network.name, "url": network.base_url},
    }
    return {name: value for name, value in told.items() if value is not None}


def _file(recording: Recording, network: Network) -> dict[str, Any]:
    """Return what is told of a recording that lies here. Its length is a duration of ISO 8601."""
    url, poster = recording_addresses(recording, network.base_url)
    return {
        "contentUrl": url,
        "thumbnailUrl": poster,
        "duration": f"PT{recording.duration // 1000}S",
        "encodingFormat": recording.type,
        "contentSize": str(recording.size),
        "width": recording.width,
        "height": recording.height,
    }
