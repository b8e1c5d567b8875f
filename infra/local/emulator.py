"""Runs the emulator of AWS, with IAM enforced, its state kept between runs."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.build import BUILD
from infra.local.options import HOST, Options
from infra.local.program import Program, running

PYTHON: Final = BUILD / "emulator" / "bin" / "python"
REGION: Final = "eu-north-1"
ACCOUNT: Final = "000000000000"
PLENTY: Final = 4 * 2**30


@contextmanager
def emulator(options: Options, smtp_port: int) -> Iterator[Program]:
    """Start the emulator. It hands mail to `smtp_port`."""
    data_dir = options.data_dir.absolute()
    _rewind_streams(data_dir / "emulator" / "lambda.json")
    # The emulator leaves unpacked functions behind: their folder goes with the run.
    with tempfile.TemporaryDirectory(prefix="tovholder-", dir=_in_memory()) as scratch:
        # Functions inherit this environment, so it holds nothing of the developer's own.
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": scratch,
            "TMPDIR": scratch,
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(options.emulator_port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "SMTP_HOST": f"{HOST}:{smtp_port}",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(data_dir / "emulator"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(data_dir / "s3"),
            "LOG_LEVEL": "WARNING",
        }
        with running(
            "emulator",
            [PYTHON, "-m", "ministack"],
            port=options.emulator_port,
            log=data_dir / "logs" / "emulator.log",
            environment=environment,
            cwd=Path(scratch),
        ) as program:
            yield program


def _in_memory() -> Path | None:
    """Return where files are quickest, if there is room: each environment of a function unpacks 70 MB of its own."""
    memory = Path("/dev/shm")
    # Compiled modules are run from there; containers often forbid it.
    if not memory.is_dir() or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return None
    return memory if shutil.disk_usage(memory).free > PLENTY else None


def _rewind_streams(state: Path) -> None:
    """Let the readers of streams begin anew, as the streams do.

    The emulator keeps how far they had come but not the records, so they would pass over as many new ones.
    """
    if state.exists():
        kept = json.loads(state.read_text())
        kept["payload"]["dynamodb_stream_positions"]["data"] = {}
        state.write_text(json.dumps(kept))
