"""Synthesise the stack: `CDK_CONTEXT_JSON='{"stage": …}' python -m infra.app`. Reads the profile and built assets."""

import os
import sys

from aws_cdk import App

from infra.config import ROOT, Deployment, DeploymentRefused
from infra.stack import TovholderStack


def main() -> None:
    """Write the cloud assembly to CDK_OUTDIR, by default `.build/cdk.out/<stage>`."""
    try:
        deployment = Deployment.from_context(App().node.try_get_context)
        outdir = os.environ.get("CDK_OUTDIR") or str(ROOT / ".build" / "cdk.out" / deployment.stage)
        app = App(outdir=outdir)
        TovholderStack(app, deployment)
    except DeploymentRefused as error:
        sys.exit(f"Cannot synthesise: {error}")
    app.synth()


if __name__ == "__main__":
    main()
