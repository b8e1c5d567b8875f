"""The people who sign in to a local copy: one for each role, with passwords made up on first start."""

import json
import secrets
import string
from collections.abc import Mapping
from typing import Any, Final

from infra.local import aws
from infra.local.options import CannotStart, Options

ROLES: Final = ("coordinator", "editor", "viewer")

Credentials = dict[str, dict[str, str]]


def invite(outputs: Mapping[str, str], options: Options) -> Credentials:
    """Make sure that everybody has an account with the password on file."""
    cognito, pool = aws.client(options, "cognito-idp"), outputs["UserPoolId"]
    credentials = _on_file(options)
    for role in ROLES:
        members = cognito.list_users_in_group(UserPoolId=pool, GroupName=role)["Users"]
        if not members:
            _create(cognito, pool, role, **credentials[role])
    return credentials


def token(role: str, outputs: Mapping[str, str], options: Options) -> str:
    """Return an access token for the coordinator API."""
    who = _on_file(options)[role]
    answer = aws.client(options, "cognito-idp").initiate_auth(
        ClientId=outputs["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": who["email"], "PASSWORD": who["password"]},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def _on_file(options: Options) -> Credentials:
    file = options.data_dir / "credentials.json"
    if not file.exists():
        people = {role: {"email": f"{role}@example.org", "password": _password()} for role in ROLES}
        file.touch(mode=0o600)
        file.write_text(json.dumps(people, indent=2) + "\n")
    credentials: Credentials = json.loads(file.read_text())
    if missing := set(ROLES) - credentials.keys():
        raise CannotStart(f"{file} lacks {', '.join(sorted(missing))}; remove it to have it made anew.")
    return credentials


def _create(cognito: Any, pool: str, role: str, *, email: str, password: str) -> None:
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=role)


def _password() -> str:
    """Random, and with one of each kind of character that the pool asks for."""
    return "-".join(
        (
            secrets.token_hex(4),
            secrets.token_hex(4),
            secrets.choice(string.ascii_uppercase) + secrets.token_hex(3),
        )
    )
