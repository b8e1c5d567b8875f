"""Does after a deployment what the template cannot do in the emulator."""

import json
from collections.abc import Mapping
from pathlib import Path

from infra.local import aws
from infra.local.options import Options
from infra.publish import publish_assets, write_catalogue


def built_assets(options: Options) -> Path:
    """Where a copy keeps its assets: those in `.build` may be another profile's soon."""
    return options.data_dir / "assets"


def finish(outputs: Mapping[str, str], options: Options) -> None:
    """Upload the assets, have pages written that go by them, and have the emulator report what became of a mail.

    Twice does no harm.
    """
    publish_assets(aws.client(options, "s3"), outputs["SiteBucket"], built_assets(options))
    write_catalogue(aws.client(options, "lambda"), json.loads(outputs["FunctionNames"])["generate_catalogue"])
    ses = aws.client(options, "ses")
    # In AWS the configuration set reports; the emulator knows the identity's own notifications only.
    for kind in ("Bounce", "Complaint"):
        ses.set_identity_notification_topic(
            Identity=outputs["MailIdentity"], NotificationType=kind, SnsTopic=outputs["MailTopicArn"]
        )
