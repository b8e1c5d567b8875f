"""Synthesise the stack: `CDK_CONTEXT_JSON='{"stage": …}' python -m infra.app`.

Reads the profile and what has been built, and nothing else: no account, no network, no git.
"""

import os
import sys
from pathlib import Path
from typing import Any, Final

from aws_cdk import App

from infra.config import ROOT, Deployment, DeploymentRefused
from infra.stack import TovholderStack

# What `cdk init` would set for a new project. Here and not in cdk.json, which only the `cdk` command reads.
FLAGS: Final[dict[str, Any]] = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:validateAgainstDefaultRules": True,
}


def build(deployment: Deployment, outdir: Path) -> App:
    """The app with its one stack. Raise DeploymentRefused if what it packages has not been built."""
    app = App(
        outdir=str(outdir),
        context=FLAGS,
        analytics_reporting=False,
        # Over two seconds, and the emulator says itself what it does not take.
        builtin_cloud_formation_validation=not deployment.local,
    )
    TovholderStack(app, deployment)
    return app


def main() -> None:
    """Write the cloud assembly to CDK_OUTDIR, by default `.build/cdk.out/<stage>`."""
    try:
        deployment = Deployment.from_context(App().node.try_get_context)
        outdir = os.environ.get("CDK_OUTDIR") or ROOT / ".build" / "cdk.out" / deployment.stage
        build(deployment, Path(outdir)).synth()
    except DeploymentRefused as error:
        sys.exit(f"Cannot synthesise: {error}")


if __name__ == "__main__":
    main()
