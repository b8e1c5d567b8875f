"""The template as it is for AWS and for the emulator, synthesised once for all tests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.app import build
from infra.build.layer import EXTRAS
from infra.config import Deployment

AWS = {
    "stage": "test",
    "base_url": "https://tovholder.example.org",
    "domain_name": "tovholder.example.org",
    "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/5f3c0a52-3b1e-4f0c-9f5e-0d3f0f3c9a11",
}
LOCAL = AWS | {"local": True, "keys_url": "http://127.0.0.1:4566"}


@dataclass(frozen=True)
class Synthesised:
    """A cloud assembly: the template, and the files that it refers to."""

    outdir: Path
    template: dict[str, Any] = field(repr=False)

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resources of a type, by logical id."""
        return {id: each for id, each in self.template["Resources"].items() if each["Type"] == kind}

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        """The properties of every function, the web app's among them, by what it is called."""
        found = {}
        for kind in ("AWS::Lambda::Function", "AWS::Serverless::Function"):
            for each in self.resources(kind).values():
                name = each["Properties"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
                found[name] = each["Properties"]
        return found

    @property
    def statements(self) -> list[tuple[str, dict[str, Any]]]:
        """Every statement that lets a role do something, with the logical id of its policy."""
        return [
            (id, statement)
            for id, policy in self.resources("AWS::IAM::Policy").items()
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]

    def asset(self, key: str) -> Path:
        """The file or folder that is uploaded under this key."""
        assets = json.loads(next(self.outdir.glob("*.assets.json")).read_text())["files"]
        path: str = assets[key.partition(".")[0]]["source"]["path"]
        return self.outdir / path


def layers(workplace: Path) -> dict[str, Path]:
    """Make layers that stand in for the built ones: their contents are not what is tested here."""
    layer, extras = workplace / "layer", workplace / "extras"
    for each in (layer, *(extras / name for name in EXTRAS)):
        (each / "python").mkdir(parents=True)
        (each / "python" / "stand_in.py").touch()
    return {"layer": layer, "extras": extras}


def synthesise(context: Mapping[str, Any], workplace: Path) -> Synthesised:
    """Synthesise a deployment."""
    outdir = workplace / "out"
    build(Deployment.from_context({**context, **layers(workplace)}.get), outdir).synth()
    return Synthesised(outdir, json.loads(next(outdir.glob("*.template.json")).read_text()))


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(AWS, tmp_path_factory.mktemp("aws"))


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise(LOCAL, tmp_path_factory.mktemp("local"))
