"""Pages are whole, say everything in every language, and cannot be made to carry what somebody else wrote."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2.bccache import Bucket

from chalicelib import templating
from chalicelib.screens import GatheringScreen, Standing
from infra.build import BUILD, ROOT, catalogues
from shared.i18n import SOURCE
from shared.pages.templating import markdown
from tests.support.sample_screens import CONFIRMED, NETWORK, NOW, OPEN, SAMPLES, WEBINAR, Sample

EVERY_PAGE = pytest.mark.parametrize("name", SAMPLES)
SEATED = tuple(f"registration-{name}" for name in ("confirmed", "unproven", "asked", "choosing"))
"""Those on whose page a seat is confirmed, and what it is in is to come."""

EVERY_LANGUAGE = pytest.mark.parametrize("language", NETWORK.languages)


@pytest.fixture(autouse=True, scope="module")
def _catalogues() -> None:
    catalogues.compile_all()


class Outline(HTMLParser):
    """What a page is made of: its tags with attributes, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]


@EVERY_PAGE
@EVERY_LANGUAGE
def test_every_page_renders_in_every_language(name: str, language: str) -> None:
    outline = Outline(SAMPLES[name].html(language))

    assert outline.all("html") == [{"lang": language}]
    assert len(outline.all("h1")) == 1
    assert len(outline.ids) == len(set(outline.ids))


@EVERY_PAGE
def test_no_page_has_inline_style_or_script(name: str) -> None:
    outline = Outline(SAMPLES[name].html("da"))

    assert not outline.all("style")
    assert not [tag for tag, attributes in outline.tags if "style" in attributes]
    assert not [key for _, attributes in outline.tags for key in attributes if key.startswith("on")]
    assert all("src" in script or script.get("type") == "application/ld+json" for script in outline.all("script"))


@EVERY_PAGE
def test_whatever_a_label_or_a_description_points_to_is_there(name: str) -> None:
    outline = Outline(SAMPLES[name].html("da"))
    pointed = [
        target
        for _, attributes in outline.tags
        for key in ("for", "aria-describedby", "aria-labelledby")
        for target in (attributes.get(key) or "").split()
    ]

    assert set(pointed) <= set(outline.ids)


@EVERY_PAGE
def test_every_icon_is_on_the_sheet(name: str) -> None:
    used = re.findall(r'<use href="/assets/(icons[^"]+)#([^"]+)"', SAMPLES[name].html("da"))

    for sheet, icon in set(used):
        assert f'id="{icon}"' in (BUILD / "assets" / sheet).read_text(encoding="utf-8")


@EVERY_PAGE
def test_the_way_in_is_on_the_participants_own_page_only_and_the_meetings_address_on_none(name: str) -> None:
    html = SAMPLES[name].html("da")

    assert ('href="/deltag/' in html) == (name in SEATED)
    assert str(WEBINAR.online_link) not in html


@pytest.mark.parametrize("language", [language for language in NETWORK.languages if language != SOURCE])
def test_no_sentence_lacks_a_translation(language: str) -> None:
    with (catalogues.LOCALES / language / "LC_MESSAGES" / "tovholder.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    said = {
        message
        for folder in catalogues.SPOKEN
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, catalogues.METHODS, keywords=catalogues.KEYWORDS)
    }
    # A guess is none: it is left out of what is compiled.
    certain = (message for message in catalogue if message.id and not message.fuzzy)
    translated = {message.id for message in certain if all(_forms(message.string))}

    assert said - translated == set()


def _forms(string: str | list[str] | tuple[str, ...] | None) -> Sequence[str | None]:
    return string if isinstance(string, (list, tuple)) else (string,)


def test_html_in_what_people_type_is_shown_as_text() -> None:
    html = SAMPLES["register-faulty"].html("da")

    assert "<b>Åse" not in html
    assert "&lt;b&gt;Åse-rollen Ærø Østergård&lt;/b&gt;" in html
    assert "Konto &#34;17&#34; &amp; co." in html


def test_html_in_a_name_is_shown_as_text_on_the_participants_page() -> None:
    named = replace(CONFIRMED.mine, participant=replace(CONFIRMED.mine.participant, name="<script>alert(1)</script>"))
    html = Sample("registration.html", replace(CONFIRMED, mine=named), CONFIRMED.path).html("da")

    assert "<script>alert" not in html


def test_a_title_cannot_end_the_structured_data() -> None:
    listing = replace(OPEN, gathering=replace(WEBINAR, title={"da": "</script><script>alert(1)</script>"}))
    html = Sample("gathering.html", GatheringScreen(listing), listing.path).html("da")

    assert "<script>alert" not in html


def test_markdown_keeps_what_is_harmless_and_drops_the_rest() -> None:
    html = markdown(
        "# Top\n\n## Under\n\n[fine](https://example.org) [bad](javascript:alert(1)) ![image](https://example.org/x.png)\n\n"
        "<img src=x onerror=alert(1)><script>alert(1)</script>\n"
    )

    assert "<h3>Top</h3>" in html
    assert "<h4>Under</h4>" in html
    assert '<a href="https://example.org" rel="noopener noreferrer">fine</a>' in html
    assert 'href="javascript' not in html
    assert "<img" not in html
    assert "<script" not in html


def test_a_text_that_had_to_fall_back_says_which_language_it_is() -> None:
    html = SAMPLES["gathering-not_yet"].html("en")

    assert '<h1><span lang="da">Vidensfestival i Ballerup: unge stemmer</span></h1>' in html


def test_dates_read_as_danes_and_britons_write_them() -> None:
    assert "mandag den 5. oktober 2026 kl. 9.00-11.30" in SAMPLES["gathering-open"].html("da")
    assert "Monday 5 October 2026 at 09:00–11:30" in SAMPLES["gathering-open"].html("en")


def test_the_first_language_lies_at_the_root_and_the_others_beside_it() -> None:
    outline = Outline(SAMPLES["gathering-open"].html("en"))
    alternates = {link["hreflang"]: link["href"] for link in outline.all("link") if link.get("rel") == "alternate"}

    assert alternates == {
        "da": f"{NETWORK.base_url}/arrangementer/{WEBINAR.slug}",
        "en": f"{NETWORK.base_url}/en/arrangementer/{WEBINAR.slug}",
        "x-default": f"{NETWORK.base_url}/arrangementer/{WEBINAR.slug}",
    }


PERSONAL = ("registration-confirmed", "cancel", "moved", "receipt-confirmed", "receipt-programme", "booking", "mine")


@pytest.mark.parametrize("name", [*PERSONAL, "forgotten", "my-data", "noted", "error-404", "register-faulty"])
def test_personal_pages_and_errors_stay_out_of_search_engines(name: str) -> None:
    html = SAMPLES[name].html("da")

    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert 'rel="canonical"' not in html


def test_everything_typed_stands_in_the_form_again() -> None:
    outline = Outline(SAMPLES["register-faulty"].html("da"))
    typed = {field["name"]: field.get("value") for field in outline.all("input") if field.get("type") != "radio"}

    assert typed == {
        "idempotency_key": "b7e0c3",
        "invitation": "",
        "people": "1",
        "name": "<b>Åse-rollen Ærø Østergård</b>",
        "email": "aase@herning",
        "gln": "579000",
        "reference": 'Konto "17" & co.',
        "website": None,
    }
    assert [option["value"] for option in outline.all("option") if "selected" in option] == ["765700"]
    assert [radio["value"] for radio in outline.all("input") if "checked" in radio] == ["staff"]


def test_each_fault_leads_to_its_field_and_the_field_says_what_is_wrong() -> None:
    html = SAMPLES["register-faulty"].html("da")
    outline = Outline(html)
    fields = {str(field.get("id")): field for field in outline.all("input") + outline.all("select")}

    for name in ("name", "email", "library", "gln"):
        assert f'<a href="#{name}">' in html
        assert fields[name]["aria-invalid"] == "true"
        assert f"{name}-error" in str(fields[name]["aria-describedby"])
    assert '<a href="#role-staff">' in html


def test_templates_compiled_ahead_are_read_and_never_written(tmp_path: Path) -> None:
    writing = templating.environment().overlay(bytecode_cache=templating.CompilingAhead(tmp_path))
    writing.get_template("error.html")
    [kept] = tmp_path.iterdir()
    bucket = Bucket(templating.environment(), "error.html", "another checksum")

    with kept.open("rb") as file:
        bucket.load_bytecode(file)
    templating.CompiledAhead().dump_bytecode(bucket)

    assert kept.name == "error.html"
    assert bucket.code is None, "what was compiled from another source is not used"


def test_structured_data_describes_the_event() -> None:
    html = SAMPLES["gathering-not_yet"].html("da")
    [written] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    event = json.loads(written)

    assert event["@type"] == "Event"
    assert event["startDate"] == "2026-10-22T09:00:00+02:00"
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert event["offers"]["availability"] == "https://schema.org/PreOrder"
    assert [part["name"] for part in event["subEvent"]] == [
        "Festivaldag",
        "Opsamling online",
        "Hvad blev det til?",
    ]


@pytest.mark.parametrize(
    ("seats_left", "standing", "few"),
    [
        (None, Standing.OPEN, False),
        (200, Standing.OPEN, False),
        (30, Standing.OPEN, True),
        (0, Standing.FULL, False),
    ],
)
def test_seats_left_decide_how_registration_stands(seats_left: int | None, standing: Standing, few: bool) -> None:
    listing = replace(OPEN, seats_left=seats_left, now=NOW)

    assert listing.standing is standing
    assert listing.few_left is few
