"""The web app: public pages, personal pages and the API. It has no rules of its own."""

from collections.abc import Iterable

from chalicelib.routing import SIGNED_IN, Routes, answer_everywhere, finish
from chalicelib.site import Site
from chalicelib.views import (
    api,
    booking,
    certificates,
    crawlers,
    joining,
    mine,
    oembed,
    personal,
    preferences,
    programme_registration,
    programmes_public,
    public,
)
from shared.network import load


def mount(pages: Iterable[Routes], calls: Iterable[Routes]) -> None:
    """Give pages their addresses, in each language, and calls theirs."""
    for routes in pages:
        routes.mount(app)
        for language in load().languages[1:]:
            routes.mount(app, f"/{language}")
    for routes in calls:
        routes.mount(app)


def mount_what_is_for_people_who_sign_in() -> None:
    """Import it only now: it is half of the app."""
    from chalicelib.views import signed_in

    mount(signed_in.PAGES, signed_in.CALLS)


app = Site(app_name="tovholder")
app.register_middleware(finish, "http")
mount(
    (
        public.pages,
        programmes_public.pages,
        programme_registration.pages,
        booking.pages,
        personal.pages,
        joining.pages,
        certificates.pages,
        preferences.pages,
        mine.pages,
    ),
    (api.api, crawlers.api, mine.api, oembed.api),
)
app.later(SIGNED_IN, mount_what_is_for_people_who_sign_in)
answer_everywhere(app)
