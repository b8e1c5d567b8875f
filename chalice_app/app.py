"""The web app: public pages, personal pages and the API. It has no rules of its own."""

from chalicelib.routing import answer_everywhere, finish
from chalicelib.site import Site
from chalicelib.views import (
    api,
    audit,
    booking,
    coordinator,
    desk,
    exports,
    imports,
    invitations,
    libraries,
    mine,
    people,
    personal,
    programme_registration,
    programmes,
    programmes_public,
    public,
    registrations,
)
from shared.network import load

app = Site(app_name="tovholder")
app.register_middleware(finish, "http")

for pages in (
    public.pages,
    programmes_public.pages,
    programme_registration.pages,
    booking.pages,
    personal.pages,
    mine.pages,
    *desk.PAGES,
):
    pages.mount(app)
    for language in load().languages[1:]:
        pages.mount(app, f"/{language}")
for calls in (
    api.api,
    mine.api,
    coordinator.api,
    registrations.api,
    invitations.api,
    exports.api,
    libraries.api,
    imports.api,
    programmes.api,
    people.api,
    audit.api,
):
    calls.mount(app)
answer_everywhere(app)
