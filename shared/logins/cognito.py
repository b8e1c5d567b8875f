"""Cognito's managed login: where a login begins and ends in the browser, and where its code is exchanged."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from shared.logins.model import Attempt, LoginFailed
from shared.refusals import StoreUnavailable

Post = Callable[[str, Mapping[str, str]], Any]

_TIMEOUT: Final = 5  # seconds


def post(url: str, fields: Mapping[str, str]) -> Any:
    """Send a form; return the JSON that comes back. Raise OSError, of which urllib's HTTPError is one."""
    request = Request(url, urlencode(fields).encode(), {"Accept": "application/json"})  # noqa: S310 (a setting)
    with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
        return json.load(answer)


class ManagedLogin:
    """The pages and the token endpoint of one app client. `url` has no slash at the end."""

    def __init__(self, *, url: str, client_id: str, callback: str, goodbye: str, post: Post = post) -> None:
        self._url = url
        self._client_id = client_id
        self._callback = callback
        self._goodbye = goodbye
        self._post = post

    def begin(self, attempt: Attempt) -> str:
        """Return where the browser is sent to sign in."""
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._url}/oauth2/authorize?{urlencode(query)}"

    def end(self) -> str:
        """Return where the browser is sent to sign out of Cognito too; it comes back to our front page."""
        return f"{self._url}/logout?{urlencode({'client_id': self._client_id, 'logout_uri': self._goodbye})}"

    def exchange(self, attempt: Attempt, code: str) -> str:
        """Return the ID token for a code."""
        fields = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "code": code,
            "code_verifier": attempt.verifier,
        }
        try:
            return str(self._post(f"{self._url}/oauth2/token", fields)["id_token"])
        except HTTPError as error:
            # 400 is OAuth's no (RFC 6749, 5.2); all else is trouble at the other end.
            with error:
                raise (LoginFailed() if error.code == 400 else StoreUnavailable()) from error
        except OSError as error:
            raise StoreUnavailable from error
