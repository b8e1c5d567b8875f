"""What a cold start imports, and how long that takes on one core, from the layer as it is deployed."""

import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.build import ROOT, layer
from tests.bench.rows import Row

TIMES: Final = 5
WEB_BAR: Final = 400.0
FUNCTION_BAR: Final = 350.0


def rows() -> Iterator[Row]:
    """Measure the web app and every function."""
    yield Row("imports of the web app", _milliseconds("app", ROOT / "chalice_app"), "ms", at_most=WEB_BAR)
    for handler in sorted((ROOT / "functions").glob("*/handler.py")):
        name = handler.parent.name
        taken = _milliseconds(f"functions.{name}.handler", ROOT)
        yield Row(f"imports of {name}", taken, "ms", at_most=FUNCTION_BAR)


def _milliseconds(module: str, code: Path) -> float:
    """Return the median of some runs. The first compiles botocore, which is the runtime's and comes compiled there."""
    path = os.pathsep.join([str(layer.directory("local") / "python"), str(code.resolve())])
    environment = {"PATH": os.defpath, "PYTHONPATH": path, "POWERTOOLS_SERVICE_NAME": "bench"}
    command = ["taskset", "--cpu-list", "0", sys.executable, "-X", "importtime", "-c", f"import {module}"]
    return statistics.median(_one(command, environment, module) for _ in range(TIMES))


def _one(command: list[str], environment: dict[str, str], module: str) -> float:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    lines = re.findall(r"import time:\s+\d+ \|\s+(\d+) \| (\s*)(\S+)", done.stderr)
    # The outermost lines are what the statement itself imported; the rest is nested in them.
    top = [int(total) for total, indent, name in lines if not indent and name.partition(".")[0] in _roots(module)]
    return sum(top) / 1000


def _roots(module: str) -> set[str]:
    return {module.partition(".")[0]}
