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


@pytest.mark.parametrize("role", [None, "coordinator"])
def test_every_answer_is_one_that_is_described(role: str | None, deployed: Deployed, tmp_path: Path) -> None:
    deployed.publish(capacity=20)
    # A stranger is told the same at every door, and needs fewer questions.
    headers = [f"--header={name}: {value}" for name, value in deployed.signed_in(role).items()] if role else []
    phases = "coverage,fuzzing,stateful" if role else "fuzzing"

    asked = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{deployed.stack.base_url}/api/v1/openapi.json"),
            *("--checks=all", f"--exclude-checks={','.join(sorted(LEFT_OUT))}", f"--phases={phases}"),
            *("--max-examples=5", "--workers=4", "--seed=1", "--generation-database=none", "--no-color"),
            *("--suppress-health-check=all", *headers),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert asked.returncode == 0, asked.stdout[-8_000:] + asked.stderr[-2_000:]
