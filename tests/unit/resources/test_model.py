"""What may be wrong with a resource, and what a change of it may touch."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.documents.model import PDF, Document
from shared.refusals import Invalid
from shared.resources.model import LONGEST, MOST_THEMES, ResourceChangedMeanwhile, newest_first
from shared.themes.model import Theme, Themes
from tests.support.builders import NOW, a_resource

LANGUAGES = ("da", "en")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {"en": "A guide"}}, "title.da"),
        ({"title": {"da": " "}}, "title.da"),
        ({"title": {"da": "x" * (LONGEST["title"] + 1)}}, "title.da"),
        ({"description": {"da": "x" * (LONGEST["description"] + 1)}}, "description.da"),
        ({"description": {"sv": "Svenska"}}, "description.sv"),
        ({"description": {"da": "Ring til 010203-1234"}}, "description.da"),
        ({"link": "http://example.org/"}, "link"),
        ({"link": "https:///vejledning"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"language": "dansk"}, "language"),
        ({"themes": ()}, "themes"),
        ({"themes": ("unge",) * (MOST_THEMES + 1)}, "themes"),
        ({"goals": (18,)}, "goals"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_resource_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in a_resource(**changes).faults(LANGUAGES)] == [field]


def test_a_resource_with_everything_in_it_holds() -> None:
    resource = a_resource(title={"da": "Kort", "en": "Short"}, description={"en": "What it is for."}, goals=(1, 17))

    assert list(resource.faults(LANGUAGES)) == []


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://Herning.example.org:8443/en?to", "herning.example.org"),
        ("https://borger.example.org@elsewhere.example.org/", "elsewhere.example.org"),
        ("https://xn--brnderslev-1cb.example.org/", "brønderslev.example.org"),
        ("https://xn--a.example.org/", "xn--a.example.org"),
    ],
)
def test_whose_site_it_lies_on_is_told_as_it_is(link: str, host: str) -> None:
    assert a_resource(link=link).host == host


def test_a_change_touches_neither_id_nor_when_it_was_added() -> None:
    kept = a_resource(version=3)

    changed = kept.changed_to(replace(kept, id="another", added_at=NOW + timedelta(1), title={"da": "Nyt"}))

    assert changed == replace(kept, title={"da": "Nyt"}, version=4)


@pytest.mark.parametrize("version", [2, 4])
def test_only_the_version_that_is_kept_is_changed(version: int) -> None:
    kept = a_resource(version=3)

    with pytest.raises(ResourceChangedMeanwhile):
        kept.changed_to(replace(kept, version=version))


def test_it_is_hidden_and_shown_again_and_stays_as_it_is_otherwise() -> None:
    resource = a_resource()

    hidden = resource.seen(False)

    assert (hidden.shown, hidden.version) == (False, 2)
    assert hidden.seen(False) is hidden
    assert hidden.seen(True) == replace(resource, version=3)


def test_it_is_on_the_themes_that_its_own_lead_to_each_once() -> None:
    themes = Themes((Theme("unge", {}), Theme("natur", {}), Theme("boern", {}, merged_into="unge")), 1)

    assert a_resource(themes=("natur", "boern", "unge")).on_current(themes).themes == ("unge", "natur")


def test_the_newest_is_seen_first() -> None:
    old, new = a_resource(), a_resource(added_at=NOW + timedelta(days=1))

    assert newest_first([old, new]) == (new, old)


def test_what_is_neither_at_an_address_nor_a_file_is_seen_by_nobody() -> None:
    to_come = a_resource(link=None, shown=False)

    assert [*to_come.faults(("da", "en"))] == []
    assert [fault.field for fault in a_resource(link=None).faults(("da", "en"))] == ["link"]
    with pytest.raises(Invalid):
        to_come.seen(True)
    assert to_come.filed(Document("documents/one/up", "guide.pdf", PDF, 1)).seen(True).shown
