"""Pages as machines read them: a validator that others wrote, social networks and search engines."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from infra.build import assets, catalogues, picture
from shared.catalogue.compose import HTML
from shared.themes.model import Theme, Themes
from shared.webinars.model import Chapter, Material
from tests.support import tools
from tests.support.builders import NETWORK, a_recording
from tests.support.catalogue_works import Works
from tests.support.sample_screens import SAMPLES

META: Final = re.compile(r'<meta (?:property|name)="((?:og|twitter):[a-z:_]+|description)" content="([^"]*)">')
LINK: Final = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([a-z-]+)")? href="([^"]*)">')


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Every page that everybody can see, by a name."""
    catalogues.compile_all()
    assets.build()
    works = Works(json.loads((assets.BUILT / "manifest.json").read_text()))
    works.themes.kept = Themes(
        (
            Theme("unge", {"da": 'Unge & "gamle"', "en": "Young people"}, {"da": "Om <unge>."}, (4,)),
            Theme("boern", {"da": "Børn"}, merged_into="unge"),
        ),
        1,
    )
    works.shown(
        "bier",
        title={"da": 'Bier & "børn" <3', "en": "Bees"},
        summary={"da": "Sådan talte et bibliotek insekter."},
        description={"da": "## Om\n\n- en\n- to\n\n> [Mere](https://example.org/?a=1&b=2)"},
        speakers={"da": "En bibliotekar"},
        goals=(4, 15),
        chapters=(Chapter(0, {"da": "Velkomst"}), Chapter(3723, {"da": "Til sidst"})),
        materials=(Material({"da": "Skema"}, "https://example.org/skema"),),
    )
    works.shown("kaffe")
    works.shown("vores", link=None, recording=a_recording(), chapters=(Chapter(3, {"da": "Efter lidt"}),))
    works.keep(works.shown("gammelt").hidden({"da": "Forældet."}, languages=NETWORK.languages))
    works.generate()
    written = {key: file.content.decode() for key, file in works.site.files.items() if file.content_type == HTML}
    return written | {f"sample {name}": one.html("da") for name, one in SAMPLES.items()}


def test_every_page_is_valid(pages: dict[str, str], tmp_path: Path) -> None:
    pages = pages | {"wrong": "<!doctype html><title>Wrong</title><p><div></div></p>"}
    for number, html in enumerate(pages.values()):
        (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")

    names = [*pages]
    found = [
        f"{names[int(Path(one['filePath']).stem)]}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for one in tools.html_faults(tmp_path)
        for fault in one["messages"]
    ]

    assert [each for each in found if not each.startswith("wrong:")] == []
    assert found, "it finds nothing wrong with anything"


def test_every_page_that_may_be_found_says_what_networks_show_of_it(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        said, links = dict(META.findall(html)), LINK.findall(html)
        if "noindex" in html:
            assert (said, links) == ({}, []), name
            continue
        title, _, _ = unescape(re.findall("<title>(.*?)</title>", html, re.DOTALL)[0]).rpartition(" – ")
        [canonical] = [address for kind, _, address in links if kind == "canonical"]
        others = {language: address for _, language, address in links if language}

        assert unescape(said["og:title"]).strip() == title.strip(), name
        assert said["og:description"] == said["description"] != "", name
        assert said["og:url"] == canonical, name
        assert canonical.startswith(f"{NETWORK.base_url}/"), name
        own = "webinarer/optagelser/one-up.jpg" if name.endswith("/vores") else "assets/share."
        assert said["og:image"].startswith(f"{NETWORK.base_url}/{own}"), name
        assert {said["og:locale"], said["og:locale:alternate"]} == {"da_DK", "en_US"}, name
        assert others.keys() == {"da", "en", "x-default"}, name
        assert others["x-default"] == others["da"], name


def test_networks_are_told_that_a_webinar_is_a_video(pages: dict[str, str]) -> None:
    kinds = {name: dict(META.findall(pages[name]))["og:type"] for name in ("webinarer/bier", "temaer/unge")}

    assert kinds == {"webinarer/bier": "video.other", "temaer/unge": "website"}


def test_the_picture_is_of_the_size_that_pages_say(pages: dict[str, str]) -> None:
    [path] = assets.BUILT.glob("share.*.png")
    content = path.read_bytes()
    said = dict(META.findall(pages["webinarer/"]))

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    size = tuple(int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert size == (picture.WIDTH, picture.HEIGHT) == (int(said["og:image:width"]), int(said["og:image:height"]))
    assert len(content) < 300_000
