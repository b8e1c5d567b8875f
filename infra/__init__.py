"""The infrastructure: one stack, the same one in AWS and in the local emulator."""

import os

from infra.build.node import NODE

# The CDK runs in node. It looks here for it when it is first imported, and that is below this package.
os.environ.setdefault("JSII_NODE", str(NODE))
