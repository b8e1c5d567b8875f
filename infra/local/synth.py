"""Synthesises the cloud assembly of a local copy, when its sources have changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.build import BUILD, ROOT, assets, changes, layer, node
from infra.local.options import CannotStart, Options

SOURCES: Final[tuple[Path, ...]] = (
    *(ROOT / "infra" / "app.py", ROOT / "infra" / "config.py", ROOT / "infra" / "stack.py"),
    *(ROOT / "infra" / "parts", ROOT / "chalice_app", ROOT / "functions", ROOT / "requirements" / "dev.txt"),
)


def synthesise(options: Options) -> Path:
    """Return the cloud assembly for a local copy. The layer and the assets must have been built."""
    built_layer = layer.directory("local", options.profile)
    built_assets = assets.directory(options.profile)
    context = json.dumps(
        {
            "stage": "local",
            "local": True,
            "base_url": options.base_url,
            "keys_url": options.emulator_url,
            "network": str(options.profile.absolute()),
            "layer": str(built_layer),
            "assets": str(built_assets),
            "mails_per_second": 400,
        }
    )
    return changes.folder(
        BUILD / "cdk.out" / f"local-{options.port}",
        context,
        sys.version,
        options.profile,
        changes.made_from_file(built_layer),
        changes.made_from_file(built_assets),
        *SOURCES,
        build=lambda assembly: _run(context, assembly),
    )


def _run(context: str, assembly: Path) -> None:
    environment = node.environment() | {"CDK_CONTEXT_JSON": context, "CDK_OUTDIR": str(assembly)}
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise CannotStart(f"The template could not be synthesised:\n{done.stdout}")
