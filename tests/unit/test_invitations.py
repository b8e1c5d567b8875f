"""Addresses are found in whatever somebody has pasted."""

import pytest
from hypothesis import given, strategies as st

from shared.invitations.model import pasted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        (" \r\n,;\t ", ()),
        ("bo@example.org", ("bo@example.org",)),
        ("bo@example.org,aase@example.org; leder@example.org\r\nanna@example.org",
         ("bo@example.org", "aase@example.org", "leder@example.org", "anna@example.org")),
        ("bo@example.org aase@example.org", ("bo@example.org", "aase@example.org")),
        ('"Leder, En" <leder@example.org>', ('"Leder', "leder@example.org")),
        ("En Leder <leder@example.org>", ("leder@example.org",)),
        ("mailto:bo@example.org", ("bo@example.org",)),
        ("bo@example.org\nbo@example.org", ("bo@example.org",)),
        ("ikke   en adresse", ("ikke en adresse",)),
        ("Bo bo@example.org", ("Bo bo@example.org",)),
    ],
)  # fmt: skip
def test_addresses_are_found_each_once(text: str, found: tuple[str, ...]) -> None:
    assert pasted(text) == found


@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.dk", fullmatch=True), unique=True), st.sampled_from(",;\n\t "))
def test_however_they_are_parted(emails: list[str], between: str) -> None:
    assert pasted(between.join(emails)) == tuple(emails)
