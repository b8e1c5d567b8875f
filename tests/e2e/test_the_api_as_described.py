"""The API answers what its description says, whatever it is asked: schemathesis makes up the questions."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.deployed import Deployed

LEFT_OUT = {
    # What a schema cannot say: an address that is none, a language the network has not, a time out of all reason.
    "positive_data_acceptance",
    # It asks with TRACE, which API Gateway cannot be given and CloudFront refuses; 405 is tested in test_the_edge.
    "unsupported_method",
}


ONE_PERSON = "/coordinator/people/{person_id}"
"""Left alone: with made-up questions, one may let in another coordinator and then remove the one tests sign in as."""


REFUSALS = "[checks.negative_data_rejection]\nexpected-statuses = [400, 401, 403, 404, 409, 413, 415, 422, 429]\n"
"""How a bad request may be refused: with 413, too, when what was made up for it is larger than a body may be."""


@pytest.mark.parametrize(
    ("role", "paths"),
    [(None, "--exclude-path-regex=^/coordinator"), ("coordinator", "--include-path-regex=^/coordinator")],
    ids=["everybody", "coordinators"],
)
def test_every_answer_is_one_that_is_described(
    role: str | None, paths: str, deployed: Deployed, tmp_path: Path
) -> None:
    deployed.publish(capacity=20)
    (tmp_path / "schemathesis.toml").write_text(REFUSALS, encoding="utf-8")
    headers = [f"--header={name}: {value}" for name, value in deployed.signed_in(role).items()] if role else []

    asked = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{deployed.stack.base_url}/api/v1/openapi.json"),
            *(paths, f"--exclude-path={ONE_PERSON}", "--checks=all", f"--exclude-checks={','.join(sorted(LEFT_OUT))}"),
            *(
                "--phases=fuzzing,stateful",
                "--max-examples=5",
                "--workers=2",
                "--seed=1",
                "--generation-database=none",
                "--no-color",
            ),
            *("--suppress-health-check=all", *headers),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert asked.returncode == 0, asked.stdout[-8_000:] + asked.stderr[-2_000:]


def test_a_stranger_is_stopped_at_every_door_of_the_coordinators(deployed: Deployed) -> None:
    described = deployed.api.get("/openapi.json").json()["paths"]
    doors = [
        (method.upper(), path)
        for path, operations in described.items()
        for method in operations
        if path.startswith("/coordinator") and method != "parameters"
    ]

    assert len(doors) >= 10
    for method, path in doors:
        answer = deployed.api.request(method, path.replace("{", "").replace("}", ""), json={})
        assert answer.status_code == 401, (method, path)
        assert answer.json()["type"] == "urn:tovholder:problem:not-signed-in"
