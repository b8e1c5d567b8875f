"""Who may sign in: the user pool of coordinators, editors and viewers. Participants never do."""

from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy, aws_cognito as cognito, aws_iam as iam
from constructs import Construct

from infra.config import ROOT, Deployment
from infra.parts.nag import acknowledge
from shared import network
from shared.i18n import voice
from shared.people.model import INVITATION_BODY, INVITATION_SUBJECT

ROLES: Final = ("coordinator", "editor", "viewer")
CALLBACK: Final = "/tovholder/login/callback"

FINDING_PEOPLE: Final = ("AdminGetUser", "AdminListGroupsForUser")

MANAGING_PEOPLE: Final = (
    *FINDING_PEOPLE,
    "ListUsersInGroup",
    "AdminCreateUser",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminDeleteUser",
)


class SignIn(Construct):
    """User pool, managed login, our client (authorization code with PKCE) and a group for each role."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                temp_password_validity=Duration.days(7),
            ),
            mfa=cognito.Mfa.OFF if deployment.local else cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            user_invitation=_invitation(deployment),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            deletion_protection=not deployment.local,
            removal_policy=RemovalPolicy.DESTROY if deployment.local else RemovalPolicy.RETAIN,
        )
        acknowledge(
            self.pool,
            {
                "COG8": "The Plus plan costs more than all the rest; every user needs MFA instead.",
            },
        )
        self.domain = self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"tovholder-{deployment.stage}-{Aws.ACCOUNT_ID}"),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        self.client = self.pool.add_client(
            "Client",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_password=deployment.local),  # for `make token`
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
                callback_urls=[deployment.base_url + CALLBACK],
                logout_urls=[deployment.base_url + "/"],
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            # A token is believed until it ends, whatever becomes of the person (ADR 0017). By hand, an hour is handier.
            access_token_validity=Duration.hours(1) if deployment.local else Duration.minutes(15),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(12),
        )
        for precedence, role in enumerate(ROLES):
            self.pool.add_group(role.capitalize(), group_name=role, precedence=precedence)
        if not deployment.local:  # without a branding, managed login shows no page; the emulator knows none
            cognito.CfnManagedLoginBranding(
                self,
                "Branding",
                user_pool_id=self.pool.user_pool_id,
                client_id=self.client.user_pool_client_id,
                use_cognito_provided_values=True,
            )
        self._keys = deployment.keys_url or f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}"
        self.url = deployment.keys_url or self.domain.base_url()

    def allow_managing_people(self, role: iam.IRole) -> None:
        """Let the role see who may sign in, and do what the page of people does."""
        self.pool.grant(role, *(f"cognito-idp:{action}" for action in MANAGING_PEOPLE))

    def allow_finding_people(self, role: iam.IRole) -> None:
        """Let the role see who somebody is who signs in."""
        self.pool.grant(role, *(f"cognito-idp:{action}" for action in FINDING_PEOPLE))

    @property
    def issuer(self) -> str:
        """What `iss` of a token must be. The amazonaws.com address in the emulator too."""
        return f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{self.pool.user_pool_id}"

    @property
    def keys_url(self) -> str:
        """Where the public keys of the tokens are."""
        return f"{self._keys}/{self.pool.user_pool_id}/.well-known/jwks.json"


def _invitation(deployment: Deployment) -> cognito.UserInvitationConfig:
    """The mail with the first password, in the network's first language. Cognito sends it as HTML."""
    profile = network.load(ROOT / deployment.network)
    say = voice(profile.languages[0], profile.languages, profile.time_zone).say
    link = f'<a href="{deployment.base_url}/tovholder/">{deployment.base_url}/tovholder/</a>'
    return cognito.UserInvitationConfig(
        email_subject=f"{profile.short_name}: {say(INVITATION_SUBJECT)}",
        email_body=f"<p>{say(INVITATION_BODY).replace('{link}', link)}</p>",
    )
