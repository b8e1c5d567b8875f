"""The catalogue as it is written: whole, in an order in which no page leads to nothing, and nothing twice."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import quote

import pytest

from shared.catalogue.model import AT_ONCE
from shared.catalogue.ports import File
from shared.catalogue.service import keep_up
from shared.documents.model import PDF, Document
from shared.refusals import StoreUnavailable
from shared.resources.model import Kind
from shared.themes.model import Theme, Themes
from shared.webinars.model import Chapter, Material, State, Webinar
from tests.support.builders import NETWORK, NOW, a_recording, a_webinar
from tests.support.catalogue_works import Works
from tests.support.memory_site import InMemorySite, InMemoryTurns, Killed

LOADED: Final = re.compile(
    r'<(?:script|img|iframe|video|audio|source|track|link(?! rel="(?:canonical|alternate)"))\b'
    r'[^>]*?(?:src|href)="([^"]*)"'
)
"""What a browser may ask for by itself."""


@pytest.fixture
def works() -> Works:
    return Works()


def test_an_empty_catalogue_says_so_in_every_language(works: Works) -> None:
    works.generate()

    assert "Her er endnu ingen optagelser." in works.site.text("webinarer/")
    assert "There are no recordings here yet." in works.site.text("en/webinarer/")
    assert works.links_to_nothing() == set()


def test_a_webinar_has_a_page_and_stands_in_the_lists_of_its_theme_and_goals(works: Works) -> None:
    works.shown(goals=(4,), title={"da": "Bier & børn"})

    works.generate()

    for key in ("webinarer/", "temaer/unge", "webinarer/maal/4", "en/temaer/unge"):
        assert "Bier &amp; børn" in works.site.text(key), key
    assert "Bier" not in works.site.text("webinarer/maal/5")
    assert works.links_to_nothing() == set()


def test_the_page_of_a_webinar_has_everything_for_those_who_do_not_see_or_hear_it(works: Works) -> None:
    works.shown(
        speakers={"da": "En bibliotekar"},
        description={"da": "# Om\n\n**Fed** <script>alert(1)</script>"},
        chapters=(Chapter(0, {"da": "Velkomst"}), Chapter(3723, {"da": "Til sidst"})),
        materials=(Material({"da": "Slides"}, "https://example.org/slides"),),
    )

    works.generate()
    page = works.site.text("webinarer/fremtidens-bibliotek")

    assert "Velkommen til &lt;biblioteket&gt; &amp; til bierne." in page
    assert "Alt, der vises, bliver sagt." in page
    assert "1:02:03" in page
    assert 'href="https://example.org/slides"' in page
    assert "<script>alert" not in page
    assert works.site.text("webinarer/undertekster/fremtidens-bibliotek-da-0.vtt").startswith("WEBVTT")
    assert works.links_to_nothing() == set()


def test_nothing_on_a_page_comes_from_elsewhere_before_somebody_presses(works: Works) -> None:
    works.shown()

    works.generate()

    for file in works.site.files.values():
        loaded = LOADED.findall(file.content.decode())
        assert not [address for address in loaded if not address.startswith("/")], file.key


def test_search_engines_are_told_what_it_is(works: Works) -> None:
    works.shown(summary={"da": "Kort <om>"})

    works.generate()
    page = works.site.text("webinarer/fremtidens-bibliotek")
    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(said)

    assert (data["@type"], data["name"], data["description"]) == ("VideoObject", "Fremtidens bibliotek", "Kort <om>")
    assert data["uploadDate"] == "2026-09-01T10:00:00+02:00"
    assert f'<link rel="canonical" href="{NETWORK.base_url}/webinarer/fremtidens-bibliotek">' in page
    assert '<meta property="og:title" content="Fremtidens bibliotek">' in page


def recorded(works: Works, upload: str = "up") -> Webinar:
    chapters = (Chapter(3, {"da": "Efter lidt"}),)
    recording = a_recording(file=f"recordings/one/{upload}", poster=f"posters/one/{upload}.jpg")
    return works.shown(id="one", link=None, recording=recording, chapters=chapters)


def test_a_recording_of_ours_plays_on_its_page_with_captions_and_from_each_chapter(works: Works) -> None:
    recorded(works)

    works.generate()
    page = works.site.text("webinarer/fremtidens-bibliotek")

    assert '<source src="/webinarer/optagelser/one-up" type="video/mp4">' in page
    assert 'poster="/webinarer/optagelser/one-up.jpg"' in page
    assert '<track kind="captions" srclang="da" label="Dansk"' in page
    assert 'href="/webinarer/optagelser/one-up#t=3"' in page
    assert "1:30, 9 MB" in page
    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(said)
    assert (data["duration"], data["contentSize"]) == ("PT90S", "9000000")
    assert data["contentUrl"] == f"{NETWORK.base_url}/webinarer/optagelser/one-up"
    assert data["thumbnailUrl"] == f"{NETWORK.base_url}/webinarer/optagelser/one-up.jpg"
    assert works.site.files["webinarer/optagelser/one-up"].content_type == "video/mp4"
    assert works.links_to_nothing() == set()


def test_a_recording_is_there_before_its_page_and_is_not_copied_again(works: Works) -> None:
    webinar = recorded(works)

    order = works.generate()

    assert order.index("webinarer/optagelser/one-up") < order.index("webinarer/fremtidens-bibliotek")
    works.keep(replace(webinar, alternative={"da": "Der vises en bi."}))
    assert sorted(works.generate()) == ["en/webinarer/fremtidens-bibliotek", "webinarer/fremtidens-bibliotek"]


def test_a_material_that_is_a_file_is_there_before_the_page_and_gone_when_no_page_leads_to_it(works: Works) -> None:
    slides = Document("documents/one/up", "slides.pdf", PDF, 2_000_000)
    webinar = works.shown(materials=(Material({"da": "Slides"}, document=slides),))

    written = works.generate()

    key = "webinarer/dokumenter/one-up/slides.pdf"
    assert f'<a href="/{key}" download>Slides</a> (PDF, 2 MB)' in works.site.text("webinarer/fremtidens-bibliotek")
    assert written.index(key) < written.index("webinarer/fremtidens-bibliotek")
    assert (works.site.text(key), works.site.files[key].content_type) == (slides.file, PDF)
    assert works.links_to_nothing() == set()
    works.generate()
    assert key not in works.site.order
    works.keep(replace(webinar, state=State.HIDDEN))
    works.generate()
    assert key not in works.site.files


def test_a_resource_that_is_a_file_is_there_before_the_pages_of_its_themes(works: Works) -> None:
    guide = Document("documents/guide/up", "vejledning.pdf", PDF, 2_000_000)
    works.shared(link=None, document=guide)

    written = works.generate()

    key = "webinarer/dokumenter/guide-up/vejledning.pdf"
    page = works.site.text("temaer/unge")
    assert f'<a href="/{key}" hreflang="da" download>' in page
    assert "PDF, 2 MB" in page
    assert written.index(key) < written.index("temaer/unge")
    assert works.links_to_nothing() == set()


def test_a_recording_that_was_replaced_can_be_watched_to_its_end_and_is_gone_by_morning(works: Works) -> None:
    webinar = recorded(works)
    works.generate()
    works.keep(replace(webinar, recording=a_recording(file=f"recordings/{webinar.id}/new", poster="posters/x/new.jpg")))

    works.generate()
    assert "up" in recordings(works)
    works.generate(at_night=True)

    assert recordings(works) == {"new"}


def test_a_recording_that_was_hidden_is_public_no_more(works: Works) -> None:
    webinar = recorded(works)
    works.generate()
    works.keep(replace(webinar, state=State.HIDDEN))

    works.generate()

    assert recordings(works) == set()
    assert [key for key in works.site.refreshed if key.endswith("-up")], "the cache is told, too"


def recordings(works: Works) -> set[str]:
    """Return what recordings are public, by their uploads."""
    keys = (key for key in works.site.files if key.startswith("webinarer/optagelser/") and not key.endswith(".jpg"))
    return {key.rpartition("-")[2] for key in keys}


def test_sites_that_show_what_an_address_leads_to_are_told_how(works: Works) -> None:
    works.shown()

    works.generate()
    page = works.site.text("en/webinarer/fremtidens-bibliotek")
    leading = re.findall(r'<link rel="alternate" type="([a-z/+]+oembed)" title="[^"]+" href="([^"]+)">', page)

    asked = f"{NETWORK.base_url}/oembed?url={quote(f'{NETWORK.base_url}/en/webinarer/fremtidens-bibliotek')}"
    assert [kind for kind, _ in leading] == ["application/json+oembed", "text/xml+oembed"]
    assert [unescape(address).split("&") for _, address in leading] == [
        [asked, "format=json"],
        [asked, "format=xml"],
    ]


def test_a_hidden_webinar_leaves_a_page_that_says_so_and_stands_nowhere_else(works: Works) -> None:
    webinar = works.shown()
    works.generate()
    works.keep(webinar.hidden({"da": "Det er forældet."}, languages=("da", "en")))

    works.generate()
    page = works.site.text("webinarer/fremtidens-bibliotek")

    assert "Webinaret vises ikke længere." in page
    assert "Det er forældet." in page
    assert "noindex" in page
    assert "video.example.org" not in page
    assert "Fremtidens bibliotek" not in works.site.text("webinarer/")
    assert [key for key in works.site.files if "undertekster" in key] == []


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.SCHEDULED])
def test_what_was_never_shown_has_no_page(works: Works, state: State) -> None:
    works.keep(a_webinar(state=state))

    works.generate()

    assert [key for key in works.site.files if "fremtidens" in key] == []


def test_programs_find_all_that_is_shown_in_one_file(works: Works) -> None:
    works.shown("ny", goals=(4, 1), themes=("unge", "ukendt"))
    works.keep(a_webinar(slug="kladde"))

    works.generate()

    [one] = json.loads(works.site.text("webinarer/katalog.json"))["webinars"]
    assert (one["slug"], one["themes"], one["goals"], one["captions"]) == ("ny", ["unge"], [1, 4], ["da"])


def test_lists_on_other_sites_follow_a_merged_theme(works: Works) -> None:
    works.themes.kept = Themes((*works.themes.kept.all, Theme("boern", {"da": "Børn"}, merged_into="unge")), 2)

    works.generate()

    assert json.loads(works.site.text("webinarer/katalog.json"))["moved"] == {"boern": "unge"}


def test_what_libraries_share_stands_on_the_page_of_its_theme_and_beside_its_webinars(works: Works) -> None:
    works.shown()
    works.shared(title={"da": "Bier & <b>børn</b>"}, description={"da": "Sådan gør I."}, kind=Kind.METHOD)
    works.shared(title={"da": "Skjult"}, shown=False)

    works.generate()

    for key in ("temaer/unge", "webinarer/fremtidens-bibliotek"):
        page = works.site.text(key)
        assert "Viden og værktøjer" in page, key
        assert '<a href="https://herning.example.org/insekthotel" hreflang="da" rel="noreferrer">' in page, key
        assert "Bier &amp; &lt;b&gt;børn&lt;/b&gt;" in page, key
        assert "Metode · hos herning.example.org · Delt af Bibliotek 765700" in page, key
        assert "Skjult" not in page, key
    assert "Method · at herning.example.org · in Danish · Shared by" in works.site.text("en/temaer/unge")
    assert "Viden og værktøjer" not in works.site.text("webinarer/")


def test_a_theme_without_webinars_is_reached_for_what_is_shared_on_it(works: Works) -> None:
    works.shared()

    works.generate()

    assert re.search(r'<a href="/temaer/unge"[^>]*>Unge</a>', works.site.text("webinarer/"))
    assert "Her er endnu ingen optagelser." in works.site.text("temaer/unge")
    assert "Vejledning i insekthoteller" in works.site.text("temaer/unge")


def test_what_is_shared_about_a_goal_stands_on_its_page_and_is_reached(works: Works) -> None:
    works.shared(goals=(12,))

    works.generate()

    assert "Vejledning i insekthoteller" in works.site.text("webinarer/maal/12")
    assert "Vejledning i insekthoteller" not in works.site.text("webinarer/maal/4")
    assert 'href="/webinarer/maal/12"' in works.site.text("webinarer/")


def test_what_is_shared_stands_on_the_first_page_of_a_long_list_alone(works: Works) -> None:
    works.shared()
    for number in range(AT_ONCE + 1):
        works.shown(f"nummer-{number}")

    works.generate()

    assert "Viden og værktøjer" in works.site.text("temaer/unge")
    assert "Viden og værktøjer" not in works.site.text("temaer/unge/side/2")


def test_a_changed_resource_changes_the_pages_that_it_stands_on_and_no_other(works: Works) -> None:
    works.shown()
    works.shown("andet", themes=("andet-tema",))
    resource = works.shared()
    works.generate()
    works.shared(id=resource.id, title={"da": "Nyt"})

    pages = ("temaer/unge", "webinarer/fremtidens-bibliotek")
    assert sorted(works.generate()) == sorted([*pages, *(f"en/{page}" for page in pages)])


def test_a_merged_theme_leads_on(works: Works) -> None:
    works.themes.kept = Themes((*works.themes.kept.all, Theme("boern", {"da": "Børn"}, merged_into="unge")), 2)

    works.generate()

    assert 'content="0; url=/temaer/unge"' in works.site.text("temaer/boern")
    assert 'content="0; url=/en/temaer/unge"' in works.site.text("en/temaer/boern")


def test_what_is_there_already_is_not_written_again(works: Works) -> None:
    works.shown()
    works.shown("andet")
    assert works.generate() != []

    assert works.generate() == []
    assert works.site.refreshed == []


def test_a_change_writes_only_what_it_changes(works: Works) -> None:
    webinar = works.shown()
    works.shown("andet", themes=("unge",))
    works.shown("tredje", themes=("andet-tema",))
    works.generate()
    works.keep(replace(webinar, alternative={"da": "Der vises en bi."}))

    assert sorted(works.generate()) == ["en/webinarer/fremtidens-bibliotek", "webinarer/fremtidens-bibliotek"]
    assert sorted(works.site.refreshed) == sorted(works.site.order)


def test_new_captions_are_there_before_the_page_that_leads_to_them_and_the_page_before_the_lists(works: Works) -> None:
    works.shown()

    order = works.generate()

    places = [
        order.index(key)
        for key in (
            "webinarer/undertekster/fremtidens-bibliotek-da-0.vtt",
            "webinarer/fremtidens-bibliotek",
            "temaer/unge",
            "webinarer/",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("lives", range(0, 48, 4))
def test_killed_at_any_moment_no_page_leads_to_nothing_and_the_next_run_finishes(works: Works, lives: int) -> None:
    works.generate()
    for number in range(4):
        works.shown(f"nummer-{number}")
    works.site.lives = lives

    with pytest.raises(Killed):
        works.generate()

    # The two languages' pages of one webinar lead to each other, and one of them is first.
    assert works.links_to_nothing(but="nummer") == set()
    works.site.lives = None
    works.generate()
    assert works.links_to_nothing() == set()
    assert works.generate() == []


def test_what_is_asked_for_while_it_is_written_is_written_too(works: Works) -> None:
    row: dict[str, object] = {"asked": 0, "holder": None, "until": None}
    mine, others = InMemoryTurns(row), InMemoryTurns(row)

    class Meanwhile(InMemorySite):
        """Somebody publishes another one while the first is written."""

        def refresh(self, keys: Any) -> None:
            if "nyt" not in {one.slug for one in works.store.every()}:
                works.shown("nyt")
                assert keep_up(turns=others, around=around, clock=lambda: NOW) is None

    around = replace(works.around, site=(site := Meanwhile()))
    works.shown()

    written = keep_up(turns=mine, around=around, clock=lambda: NOW)

    assert written is not None
    assert "webinarer/nyt" in written.keys
    assert "webinarer/nyt" in site.files
    assert row["holder"] is None


def test_a_theme_that_is_renamed_while_it_is_written_is_so_on_every_page(works: Works) -> None:
    row: dict[str, object] = {"asked": 0, "holder": None, "until": None}
    mine, others = InMemoryTurns(row), InMemoryTurns(row)

    class Meanwhile(InMemorySite):
        """Somebody renames the theme when the webinar's page has been written, and its own has not."""

        def write(self, file: File) -> None:
            super().write(file)
            if file.key == "webinarer/fremtidens-bibliotek" and works.themes.kept.version == 1:
                works.themes.kept = Themes((Theme("unge", {"da": "Ungdom"}),), 2)
                assert keep_up(turns=others, around=around, clock=lambda: NOW) is None

    around = replace(works.around, site=(site := Meanwhile()))
    works.shown()

    keep_up(turns=mine, around=around, clock=lambda: NOW)

    for key in ("webinarer/fremtidens-bibliotek", "temaer/unge", "webinarer/"):
        assert "Ungdom" in site.text(key), key
        assert "Unge" not in site.text(key), key


def test_whoever_could_not_finish_is_followed_by_another(works: Works) -> None:
    row: dict[str, object] = {"asked": 0, "holder": None, "until": None}
    works.themes.away = True
    with pytest.raises(StoreUnavailable):
        keep_up(turns=InMemoryTurns(row), around=works.around, clock=lambda: NOW)
    works.themes.away = False

    assert keep_up(turns=InMemoryTurns(row), around=works.around, clock=lambda: NOW) is not None


def test_the_turn_of_who_was_killed_is_over_after_a_while(works: Works) -> None:
    row: dict[str, object] = {"asked": 0, "holder": None, "until": None}
    InMemoryTurns(row).take(NOW)

    assert keep_up(turns=InMemoryTurns(row), around=works.around, clock=lambda: NOW) is None
    assert keep_up(turns=InMemoryTurns(row), around=works.around, clock=lambda: NOW + timedelta(minutes=7)) is not None
