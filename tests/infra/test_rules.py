"""What AWS's own rule books say of the template. What is accepted stands beside the resource, with the reason."""

from pathlib import Path

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_file  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from infra.app import build
from infra.config import Deployment
from tests.infra.conftest import AWS, Synthesised, layers

PASSED_OVER = [
    "W3005",  # the CDK makes functions wait for their roles by DependsOn too; it is not ours to leave out
]


@pytest.mark.parametrize("named", [True, False])
def test_cdk_nag_finds_nothing_that_is_not_accepted_with_a_reason(
    named: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = {} if named else {"domain_name": None, "certificate_arn": None}
    app = build(Deployment.from_context((AWS | name | layers(tmp_path)).get), tmp_path / "out")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))

    try:
        app.synth()
    except RuntimeError:
        pytest.fail(capfd.readouterr().err)


def test_cfn_lint_finds_nothing(aws: Synthesised) -> None:
    [template] = aws.outdir.glob("*.template.json")

    found = lint_file(template, config=ManualArgs(regions=["eu-north-1"], ignore_checks=PASSED_OVER))

    assert not [f"{match.rule.id} {match.message}" for match in found]
