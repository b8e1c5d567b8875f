"""One origin: the distribution that answers everything, from the site's bucket or from the API."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from aws_cdk import (
    Annotations,
    Aws,
    Duration,
    aws_certificatemanager as acm,
    aws_cloudfront as cloudfront,
    aws_cloudfront_origins as origins,
)
from constructs import Construct

from infra.config import Deployment
from infra.parts.behaviours import BEHAVIOURS
from infra.parts.nag import acknowledge
from infra.parts.secret import Secret
from infra.parts.storage import Storage
from infra.parts.web import STAGE, Web

SECRET_HEADER: Final = "X-Origin-Secret"

# The visitor's address for the limits. AllViewerExceptHostHeader forwards what the visitor sends and none of
# CloudFront's own headers, so this one is written over whatever the visitor claims.
VIEWER_ADDRESS: Final = """\
function handler(event) {
    var request = event.request;
    request.headers['x-viewer-address'] = {value: event.viewer.ip};
    return request;
}
"""


def page_policy(video_hosts: Iterable[str]) -> str:
    """Return what pages that are written ahead may do: any site may show them in a frame, and they show recordings of
    the allowed hosts in one."""
    frames = " ".join(f"https://{host}" for host in video_hosts) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"media-src 'self'; connect-src 'self'; frame-src {frames}; form-action 'self'; base-uri 'none'"
    )


class Edge(Construct):
    """CloudFront, with the paths of `behaviours.py` and the secret that tells the API who is asking."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, web: Web, storage: Storage, secret: Secret
    ) -> None:
        super().__init__(scope, id)
        if deployment.local:
            viewers = cloudfront.ViewerProtocolPolicy.ALLOW_ALL
        else:
            viewers = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
        # LIST, so that what is not there is a true 404.
        bucket = origins.S3BucketOrigin.with_origin_access_control(
            storage.site, origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST]
        )
        assets = cloudfront.BehaviorOptions(
            origin=bucket,
            viewer_protocol_policy=viewers,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers("AssetHeaders"),
            compress=True,
        )
        api_origin = self._api_origin(deployment, web, secret)
        api = cloudfront.BehaviorOptions(
            origin=api_origin,
            viewer_protocol_policy=viewers,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            function_associations=self._viewer_address(deployment),
        )
        pages = cloudfront.BehaviorOptions(
            # The emulator knows no groups of origins: there the forwarder in front of it asks the API.
            origin=bucket
            if deployment.local
            else origins.OriginGroup(
                primary_origin=bucket, fallback_origin=api_origin, fallback_status_codes=[HTTPStatus.NOT_FOUND.value]
            ),
            viewer_protocol_policy=viewers,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers("PageHeaders", policy=page_policy(deployment.video_hosts)),
            compress=True,
        )
        by_origin = {"site": assets, "pages": pages, "api": api}
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Tovholder {deployment.stage}",
            default_behavior=api,
            additional_behaviors={b.pattern: by_origin[b.origin] for b in BEHAVIOURS},
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            **self._address(deployment),
        )
        Annotations.of(self).acknowledge_warning(
            "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
            "Nobody can list the bucket: / is the API's, and no request for the bucket itself passes.",
        )
        acknowledge(
            self.distribution,
            {
                "CFR1": "Participants may be anywhere; a library network has no country to shut out.",
                "CFR2": "A WAF costs more than all the rest (from 6 USD a month); see ADR 0011.",
                "CFR3": "The log would hold signed links and addresses; see ADR 0012.",
            },
        )

    def _api_origin(self, deployment: Deployment, web: Web, secret: Secret) -> origins.HttpOrigin:
        headers = {SECRET_HEADER: secret.key_reference}
        if deployment.local:
            host, port = deployment.emulator
            return origins.HttpOrigin(
                host,
                http_port=port,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
                origin_path=f"/_aws/execute-api/{web.api_id}/{STAGE}",
                custom_headers=headers,
            )
        return origins.HttpOrigin(
            f"{web.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}",
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            origin_path=f"/{STAGE}",
            custom_headers=headers,
        )

    def _headers(self, id: str, *, policy: str | None = None) -> cloudfront.ResponseHeadersPolicy:
        """Headers of what the bucket answers, with a Content-Security-Policy for pages; the app sets its own."""
        said = (
            cloudfront.ResponseHeadersContentSecurityPolicy(content_security_policy=policy, override=True)
            if policy
            else None
        )
        return cloudfront.ResponseHeadersPolicy(
            self,
            id,
            # Public to the last byte: any site may read it, and show it its own way.
            cors_behavior=cloudfront.ResponseHeadersCorsBehavior(
                access_control_allow_credentials=False,
                access_control_allow_headers=["*"],
                access_control_allow_methods=["GET", "HEAD"],
                access_control_allow_origins=["*"],
                origin_override=True,
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=said,
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=False, override=True
                ),
            ),
        )

    def _viewer_address(self, deployment: Deployment) -> list[cloudfront.FunctionAssociation]:
        if deployment.local:  # the forwarder in front of the emulator sets the header: only it sees the visitor
            return []
        function = cloudfront.Function(
            self,
            "ViewerAddress",
            code=cloudfront.FunctionCode.from_inline(VIEWER_ADDRESS),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Tells the API the visitor's address",
        )
        return [
            cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
        ]

    def _address(self, deployment: Deployment) -> dict[str, Any]:
        """Our own name and its certificate, if the deployment has them; else CloudFront's."""
        if deployment.domain_name is None or deployment.certificate_arn is None:
            acknowledge(self, {"CFR4": "CloudFront's own certificate goes with its own choice of TLS versions."})
            return {}
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", deployment.certificate_arn)
        return {
            "domain_names": [deployment.domain_name],
            "certificate": certificate,
            "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        }
