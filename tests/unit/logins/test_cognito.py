"""The exchange of a code: what is asked, and what each answer means."""

from collections.abc import Callable, Mapping
from email.message import Message
from io import BytesIO
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from shared.logins.cognito import ManagedLogin
from shared.logins.model import Attempt, LoginFailed
from shared.refusals import StoreUnavailable

ATTEMPT = Attempt.begin(None)


def a_door(post: Callable[[str, Mapping[str, str]], Any]) -> ManagedLogin:
    return ManagedLogin(
        url="https://login.example.org",
        client_id="client",
        callback="https://example.org/tovholder/login/callback",
        goodbye="https://example.org/",
        post=post,
    )


def test_the_verifier_goes_with_the_code() -> None:
    asked: list[tuple[str, Mapping[str, str]]] = []

    def post(url: str, fields: Mapping[str, str]) -> Any:
        asked.append((url, fields))
        return {"id_token": "token", "access_token": "other"}

    assert a_door(post).exchange(ATTEMPT, "code") == "token"
    assert asked == [
        (
            "https://login.example.org/oauth2/token",
            {
                "grant_type": "authorization_code",
                "client_id": "client",
                "redirect_uri": "https://example.org/tovholder/login/callback",
                "code": "code",
                "code_verifier": ATTEMPT.verifier,
            },
        )
    ]


@pytest.mark.parametrize(("status", "means"), [(400, LoginFailed), (429, StoreUnavailable), (500, StoreUnavailable)])
def test_a_no_is_told_from_trouble(status: int, means: type[Exception]) -> None:
    def post(url: str, fields: Mapping[str, str]) -> Any:
        raise HTTPError(url, status, "no", Message(), BytesIO())

    with pytest.raises(means):
        a_door(post).exchange(ATTEMPT, "code")


@pytest.mark.parametrize("error", [URLError("no way there"), TimeoutError()])
def test_nobody_there_is_trouble(error: OSError) -> None:
    def post(url: str, fields: Mapping[str, str]) -> Any:
        raise error

    with pytest.raises(StoreUnavailable):
        a_door(post).exchange(ATTEMPT, "code")
