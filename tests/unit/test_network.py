"""The network's profile: one file, checked whole, and nothing of it in code."""

import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.network import PROFILE, Network, load

RAW = tomllib.loads(PROFILE.read_text(encoding="utf-8"))


def profile(path: str = "", value: object = None) -> dict[str, Any]:
    """The sample profile with one value changed; None takes the key away."""
    raw = deepcopy(RAW)
    if path:
        *folders, key = path.split(".")
        place: Any = raw
        for folder in folders:
            place = place[int(folder)] if folder.isdigit() else place[folder]
        if value is None:
            del place[key]
        else:
            place[key] = value
    return raw


def test_the_sample_profile_is_denmarks() -> None:
    network = load()

    assert len(network.areas.municipalities) == 98
    assert network.languages == ("da", "en")
    assert network.zone.key == "Europe/Copenhagen"
    assert {len(one.code) for one in network.areas.municipalities} == {4}


def test_every_sample_library_has_a_number_and_a_domain_of_its_own() -> None:
    municipalities = load().areas.municipalities

    assert len({one.library for one in municipalities}) == 98
    assert {one.domains for one in municipalities} == {(f"{one.slug}.example.org",) for one in municipalities}
    [herning] = [one for one in municipalities if one.name == "Herning"]
    assert (herning.library, herning.domains) == ("765700", ("herning.example.org",))


@pytest.mark.parametrize(
    ("day", "regions"),
    [
        (
            date(2026, 12, 31),
            {"Region Hovedstaden", "Region Sjælland", "Region Syddanmark", "Region Midtjylland", "Region Nordjylland"},
        ),
        (date(2027, 1, 1), {"Region Østdanmark", "Region Syddanmark", "Region Midtjylland", "Region Nordjylland"}),
    ],
    ids=["before the reform", "from the reform"],
)
def test_every_municipality_lies_in_one_region_on_every_day(day: date, regions: set[str]) -> None:
    areas = load().areas
    names = {region.id: region.name for region in areas.regions if region.exists(day)}

    lies_in = [[names[one] for one in municipality.regions if one in names] for municipality in areas.municipalities]

    assert {len(found) for found in lies_in} == {1}
    assert {name for found in lies_in for name in found} == regions == set(names.values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nmae", "misspelt"),
        ("mail.sendr_name", "misspelt"),
        ("areas.municipalities.0.nmae", "misspelt"),
        ("name", None),
        ("languages", []),
        ("languages", ["dansk"]),
        ("time_zone", "Europe/Herning"),
        ("base_url", "localhost:8000"),
        ("base_url", "http://localhost:8000/"),
        ("colours.accent", "teal"),
        ("colours.headline", "#000000"),
        ("mail.sender", "not an address"),
        ("controllers", []),
        ("legal.kept_months", 0),
        ("legal.accessibility_statement", "was.digst.dk"),
        ("calendar.holiday_country", "Denmark"),
        ("calendar.weeks_to_avoid", [54]),
        ("libraries.number_pattern", "[0-9]{6}"),
        ("libraries.number_pattern", "([78])([0-9]{5})"),
        ("libraries.number_pattern", "(8[0-9]{5})"),
        ("areas.municipalities.0.regions", ["atlantis"]),
        ("areas.municipalities.0.regions", []),
        ("areas.municipalities.0.code", RAW["areas"]["municipalities"][1]["code"]),
        ("areas.municipalities.0.library", RAW["areas"]["municipalities"][1]["library"]),
        ("libraries.others.0.number", "12"),
        ("libraries.others.0.number", RAW["areas"]["municipalities"][1]["library"]),
    ],
)
def test_a_mistake_in_the_profile_is_refused(path: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Network.model_validate(profile(path, value))


def test_the_sample_profile_without_a_mistake_is_taken() -> None:
    assert Network.model_validate(profile()) == load()


def test_a_pattern_that_is_no_pattern_is_refused() -> None:
    with pytest.raises(ValidationError):
        Network.model_validate(profile("libraries.number_pattern", "([0-9]"))


def test_a_misspelt_key_is_named() -> None:
    with pytest.raises(ValidationError, match="sendr_name"):
        Network.model_validate(profile("mail.sendr_name", "x"))


def test_another_countrys_network_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "network.toml"
    path.write_text(
        """
        name = "Library Learning Network"
        short_name = "LLN"
        base_url = "https://learning.example.org"
        languages = ["en"]
        time_zone = "America/Toronto"
        [colours]
        accent = "#0b5f5a"
        accent_dark = "#073f3c"
        [mail]
        sender_name = "LLN"
        sender = "seats@learning.example.org"
        reply_to = "hello@learning.example.org"
        [[controllers]]
        name = "LLN"
        email = "privacy@learning.example.org"
        [legal]
        accessibility_statement = "https://learning.example.org/accessibility"
        privacy_contact = "privacy@learning.example.org"
        supervisory_authority = "https://authority.example.org"
        kept_months = 6
        [calendar]
        holiday_country = "CA"
        [libraries]
        number_pattern = "^([A-Z]{4})$"
        [areas]
        regions = [{ id = "east", name = "East" }]
        municipalities = [{ code = "1", name = "Kingston", slug = "kingston", library = "KING", regions = ["east"] }]
        """,
        encoding="utf-8",
    )

    network = load(path)

    assert network.languages == ("en",)
    assert network.libraries.others == ()
