"""What others wrote to look at pages with: from npm, beside the tests, for whoever runs the system does not need it."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

from infra.build import ROOT, node
from infra.build.assets import npm_install
from tests.support.preview import CHROMIUM

RULES: Final = ROOT / "tests" / "support" / "html-validate.json"
"""All that is recommended, but for how our sources look, and for what people write."""


CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")


@cache
def modules() -> Path:
    """Return where they are."""
    return npm_install(ROOT / "tests" / "tools")


def html_faults(folder: Path) -> Any:
    """Return what html-validate says of the pages in a folder."""
    return json.loads(_run("html-validate/bin/html-validate.mjs", "--config", RULES, "--formatter", "json", folder))


def lighthouse(address: str) -> dict[str, float]:
    """Return Lighthouse's scores of a page, of 100, by category; with its own default throttling."""
    flags = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    options = ("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}")
    report = json.loads(_run("lighthouse/cli/index.js", address, *options, CHROME_PATH=CHROMIUM))
    return {name: 100 * category["score"] for name, category in report["categories"].items()}


def _run(script: str, *arguments: str | Path, **environment: str) -> str:
    """Run one of them, and return what it printed: finding faults is no failure of its own."""
    command = [node.NODE, modules() / script, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=node.environment() | environment, capture_output=True, text=True)
    return done.stdout
