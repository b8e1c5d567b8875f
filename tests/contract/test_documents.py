"""Documents arrive, are looked into and are kept: alike in memory and in the bucket."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import httpx
import pytest

from shared.documents.model import PDF, PPTX, Document
from shared.documents.ports import Arrivals
from shared.documents.s3 import BucketArrivals
from shared.documents.service import Receiving
from shared.libraries.service import Directory
from shared.refusals import Invalid, NotFound
from shared.resources.model import Resource
from shared.resources.ports import Surroundings as Shelf
from shared.resources.service import Sharing
from shared.themes.model import Theme, Themes
from shared.webinars.model import MOST_MATERIALS, Material, Webinar, WebinarNotFound
from shared.webinars.ports import Files, Surroundings
from shared.webinars.s3 import BucketFiles
from shared.webinars.service import Editing
from tests.support import aws
from tests.support.builders import NETWORK, NOW, a_resource, a_webinar
from tests.support.documents import CONTENTS, InMemoryArrivals
from tests.support.memory_libraries import InMemoryLibraryStore
from tests.support.memory_resources import InMemoryResourceStore
from tests.support.memory_themes import InMemoryThemeStore
from tests.support.memory_webinars import InMemoryFiles, InMemoryWebinarStore

SLIDES: Final = {"da": "Slides"}


@dataclass
class Works:
    """Where documents come to, for webinars that are in memory."""

    arrivals: Arrivals
    files: Files
    has: Callable[[str], bool]

    def __post_init__(self) -> None:
        self.store = InMemoryWebinarStore()
        around = Surroundings(self.store, ("da", "en"), (), NETWORK.zone)
        self.editing = Editing(around, "an editor", NOW, "correlation")

    def kept(self, webinar: Webinar) -> Webinar:
        self.store.create(webinar)
        return webinar

    def arrived(self, webinar: Webinar, content: bytes = CONTENTS[PDF]) -> str:
        return Receiving(self.arrivals, webinar.id).bring(content)

    def attach(self, webinar: Webinar, document_id: str, title: dict[str, str] = SLIDES) -> Webinar:
        return self.editing.attach(webinar.id, title, document_id, receiving=Receiving(self.arrivals, webinar.id))


@pytest.fixture(params=["memory", "s3"])
def works(request: pytest.FixtureRequest) -> Works:
    if request.param == "memory":
        files = InMemoryFiles()
        return Works(InMemoryArrivals(files), files, files.kept.__contains__)
    request.getfixturevalue("table")
    s3 = aws.client("s3")

    def is_there(key: str) -> bool:
        return "Contents" in s3.list_objects_v2(Bucket=aws.FILES, Prefix=key)

    return Works(BucketArrivals(s3, aws.FILES), BucketFiles(s3, aws.FILES), is_there)


def test_what_has_arrived_becomes_a_material(works: Works) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar, CONTENTS[PPTX])

    after = works.attach(webinar, document_id)

    [material] = after.materials
    assert material.document is not None
    assert material.document == Document(
        f"documents/{webinar.id}/{document_id}", "slides.pptx", PPTX, len(CONTENTS[PPTX])
    )
    assert material.document.kind == "PPTX"
    assert works.files.get(material.document.file) == CONTENTS[PPTX]
    assert material.document.file in after.files


def test_whoever_says_twice_that_it_is_there_has_it_once(works: Works) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar)

    assert works.attach(webinar, document_id) == works.attach(webinar, document_id)


def test_killed_between_the_file_and_the_webinar_it_is_added_by_the_next(works: Works) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar)
    Receiving(works.arrivals, webinar.id).accept(document_id, "Slides")

    assert len(works.attach(webinar, document_id).materials) == 1


def test_what_cannot_be_used_is_not_kept(works: Works) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar, b"<!doctype html>")

    with pytest.raises(Invalid):
        works.attach(webinar, document_id)

    assert not works.has(f"documents/{webinar.id}/{document_id}")
    assert works.store.get(webinar.id) == webinar


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ({}, "title.da"),
        ({"da": " "}, "title.da"),
        ({"da": "x" * 201}, "title.da"),
        ({"da": "x", "sv": "x"}, "title.sv"),
    ],
)
def test_without_a_name_it_is_not_kept_either(works: Works, title: dict[str, str], field: str) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar)

    with pytest.raises(Invalid) as refused:
        works.attach(webinar, document_id, title)

    assert [fault.field for fault in refused.value.faults] == [field]
    assert not works.has(f"documents/{webinar.id}/{document_id}")


def test_there_are_only_so_many(works: Works) -> None:
    link = Material(SLIDES, "https://example.org/")
    webinar = works.kept(a_webinar(materials=(link,) * MOST_MATERIALS))

    with pytest.raises(Invalid) as refused:
        works.attach(webinar, works.arrived(webinar))

    assert [fault.field for fault in refused.value.faults] == ["materials"]


@pytest.mark.parametrize("document_id", ["abcdefghijklmnop", "nothing", "../another", ""])
def test_what_has_not_arrived_is_not_found(works: Works, document_id: str) -> None:
    webinar = works.kept(a_webinar())

    with pytest.raises(NotFound):
        works.attach(webinar, document_id)


def test_what_was_sent_for_another_webinar_is_not_found(works: Works) -> None:
    webinar, another = works.kept(a_webinar()), works.kept(a_webinar(slug="en-anden"))
    document_id = works.arrived(another)

    with pytest.raises(NotFound):
        works.attach(webinar, document_id)
    with pytest.raises(WebinarNotFound):
        works.attach(a_webinar(), document_id)


def test_taken_away_its_file_is_gone(works: Works) -> None:
    webinar = works.kept(a_webinar())
    [first, second] = [works.arrived(webinar), works.arrived(webinar)]
    works.attach(webinar, first)
    works.attach(webinar, second)

    after = works.editing.detach(webinar.id, first, files=works.files)
    again = works.editing.detach(webinar.id, first, files=works.files)

    assert after == again
    assert list(after.documents) == [second]
    assert not works.has(f"documents/{webinar.id}/{first}")
    assert works.has(f"documents/{webinar.id}/{second}")


def test_left_out_of_a_change_its_file_is_gone(works: Works) -> None:
    webinar = works.kept(a_webinar())
    document_id = works.arrived(webinar)
    attached = works.attach(webinar, document_id)

    kept = works.editing.change(replace(attached, title={"da": "Et andet navn"}), files=works.files)
    assert works.has(f"documents/{webinar.id}/{document_id}")
    works.editing.change(replace(kept, materials=()), files=works.files)

    assert not works.has(f"documents/{webinar.id}/{document_id}")


def test_the_file_of_a_resource_takes_the_place_of_what_there_was(works: Works) -> None:
    resources = InMemoryResourceStore()
    themes = InMemoryThemeStore()
    themes.kept = Themes((Theme("unge", {"da": "Unge"}),), 1)
    libraries = Directory(NETWORK, InMemoryLibraryStore(), lambda: NOW)
    sharing = Sharing(Shelf(resources, themes, libraries, NETWORK.languages), NOW, "correlation")
    resource = sharing.add(a_resource())
    receiving = Receiving(works.arrivals, resource.id)

    def filed(document_id: str) -> Resource:
        return sharing.file(resource.id, document_id, receiving=receiving, files=works.files)

    first = filed(once := receiving.bring(CONTENTS[PDF]))
    assert (first.link, first.document and first.document.name) == (None, "vejledning-i-insekthoteller.pdf")
    assert filed(once) == first
    second = filed(receiving.bring(CONTENTS[PPTX]))
    assert [works.has(file) for one in (first, second) for file in one.files] == [False, True]

    renamed = sharing.change(replace(second, title={"da": "Nyt navn"}), files=works.files)
    assert renamed.document == second.document
    linked = sharing.change(replace(renamed, link="https://example.org/"), files=works.files)
    assert linked.document is None
    assert not any(map(works.has, second.files))
    third = filed(receiving.bring(CONTENTS[PDF]))
    sharing.remove(resource.id, files=works.files)
    assert not any(map(works.has, third.files))


def test_a_link_is_signed_with_the_length_of_the_file(table: None) -> None:
    link = httpx.URL(BucketArrivals(aws.client("s3"), aws.FILES).link("arrivals/one/up", 1234))

    assert "content-length" in link.params["X-Amz-SignedHeaders"].split(";")
    assert int(link.params["X-Amz-Expires"]) <= 3600


def test_a_kept_file_is_saved_and_never_shown_as_a_page(table: None) -> None:
    s3 = aws.client("s3")
    receiving = Receiving(BucketArrivals(s3, aws.FILES), "one")

    document = receiving.accept(receiving.bring(CONTENTS[PDF]), "Slides")

    told = s3.head_object(Bucket=aws.FILES, Key=document.file)
    assert (told["ContentType"], told["ContentDisposition"]) == (PDF, 'attachment; filename="slides.pdf"')
