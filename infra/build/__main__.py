"""`python -m infra.build`: runs the build steps by hand; the local run and a release call the same ones."""

import argparse
from typing import get_args

from rich.console import Console

from infra.build import assets, catalogues, layer
from shared import network


def main() -> None:
    """Build everything, for the platform asked for."""
    arguments = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    arguments.add_argument("--messages", action="store_true", help="only bring the catalogues up to date")
    arguments.add_argument("--platform", choices=get_args(layer.Platform), default="local")
    chosen = arguments.parse_args()
    console = Console(stderr=True)
    if chosen.messages:
        for language, missing in catalogues.update_all().items():
            console.print(f"{language}: {missing} sentences without a translation")
        return
    with console.status("Building stylesheet, icons and fonts"):
        assets.build(network.PROFILE)
    with console.status("Building the Lambda layer"):
        built = layer.build(chosen.platform)
    console.print(f"Built .build/assets and {built}")


if __name__ == "__main__":
    main()
