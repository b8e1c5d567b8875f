"""Functions: what each is given, keeps and carries."""

import sys
from zipfile import ZipFile

import pytest

from infra.config import Deployment
from infra.parts.python_function import Kit, environment
from shared import config
from shared.notify.model import SENDING_FOR
from tests.infra.conftest import AWS, Synthesised
from tests.infra.intrinsics import names, resolved

WITH_A_LAYER_OF_ITS_OWN = ("check_recording",)
FUNCTIONS = (
    "check_recording",
    "delete_expired",
    "fan_out",
    "follow_programme",
    "generate_catalogue",
    "move_line",
    "note_mail_failure",
    "reconcile",
    "record_mail_outcome",
    "schedule_reminders",
    "relay_outbox",
    "send_messages",
    "send_registration_mail",
    "sweep_due",
    "sweep_outbox",
)


def test_there_is_a_function_for_each_folder_and_the_web_app(aws: Synthesised) -> None:
    assert aws.functions.keys() == {"web", *FUNCTIONS}


@pytest.mark.parametrize("name", ["web", *FUNCTIONS])
def test_the_environment_is_what_the_settings_class_reads(aws: Synthesised, name: str) -> None:
    settings: type[config.Settings] = getattr(config, name.title().replace("_", "") + "Settings")
    variables = aws.functions[name]["Environment"]["Variables"]

    given = {key: resolved(value) for key, value in variables.items()}

    settings.read(given)
    assert {key for key in given if not key.startswith("POWERTOOLS_")} <= {f.upper() for f in settings.model_fields}


def test_a_setting_that_is_missing_or_unknown_stops_the_synthesis() -> None:
    kit = Kit(Deployment.from_context(AWS.get), layer=None)  # type: ignore[arg-type]  # not looked at

    with pytest.raises(ValueError, match=r"lacks \['table_name'\] and does not know \['tabel_name'\]"):
        environment("sweep_due", config.SweepDueSettings, {"tabel_name": "x"}, kit)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_code_is_the_functions_folder_and_nothing_else(aws: Synthesised, name: str) -> None:
    asset = aws.asset(aws.functions[name]["Code"]["S3Key"])

    files = {path.relative_to(asset).as_posix() for path in asset.rglob("*") if path.is_file()}

    assert {"functions/__init__.py", f"functions/{name}/__init__.py", f"functions/{name}/handler.py"} <= files
    assert all(file == "functions/__init__.py" or file.startswith(f"functions/{name}/") for file in files)
    assert not any("__pycache__" in file for file in files)
    assert aws.functions[name]["Handler"] == f"functions.{name}.handler.handler"


def test_the_web_apps_code_is_the_app_and_not_what_python_left_there(aws: Synthesised) -> None:
    with ZipFile(aws.asset(aws.functions["web"]["CodeUri"]["Key"])) as archive:
        files = archive.namelist()

    assert "app.py" in files
    assert not any("__pycache__" in file for file in files)


@pytest.mark.parametrize("name", ["web", *FUNCTIONS])
def test_every_function_logs_to_a_group_that_forgets(aws: Synthesised, name: str) -> None:
    group = aws.resources("AWS::Logs::LogGroup")[names(aws.functions[name]["LoggingConfig"]["LogGroup"])]

    assert group["Properties"]["RetentionInDays"] == 30


@pytest.mark.parametrize("name", ["web", *FUNCTIONS])
def test_every_function_runs_on_the_python_that_built_it_on_arm_and_is_traced(aws: Synthesised, name: str) -> None:
    function = aws.functions[name]

    assert function["Runtime"] == f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert function["Architectures"] == ["arm64"]
    assert len(function["Layers"]) == 1 + (name in WITH_A_LAYER_OF_ITS_OWN)
    assert function.get("Tracing", function.get("TracingConfig", {}).get("Mode")) == "Active"


def test_a_mail_is_not_called_unknown_while_its_function_may_still_be_sending_it(aws: Synthesised) -> None:
    assert SENDING_FOR.total_seconds() >= 2 * aws.functions["send_registration_mail"]["Timeout"]
