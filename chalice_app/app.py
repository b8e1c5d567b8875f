"""The web app: public pages, personal pages and the API. It has no rules of its own."""

from chalice.app import Chalice

from chalicelib.routing import answer_everywhere, finish
from chalicelib.views import api, coordinator, libraries, personal, public
from shared.network import load

app = Chalice(app_name="tovholder")
app.register_middleware(finish, "http")

for pages in (public.pages, personal.pages):
    pages.mount(app)
    for language in load().languages[1:]:
        pages.mount(app, f"/{language}")
for calls in (api.api, coordinator.api, libraries.api):
    calls.mount(app)
answer_everywhere(app)
