"""Runs the mail catcher: what the system sends ends here, in an inbox with a page and an API."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from infra.build import ROOT, node
from infra.local.options import HOST, Options
from infra.local.program import Program, running

MAILDEV: Final = ROOT / "node_modules" / ".bin" / "maildev"


@contextmanager
def mailbox(options: Options, smtp_port: int, web_port: int) -> Iterator[Program]:
    """Start the mail catcher. Mails are kept between runs. The edge puts `web_port` where people look for it."""
    mails = options.data_dir.absolute() / "mails"
    mails.mkdir(parents=True, exist_ok=True)
    with running(
        "mailbox",
        [
            *(node.NODE, MAILDEV, "--mail-directory", mails),
            *("--ip", HOST, "--smtp", str(smtp_port), "--web-ip", HOST, "--web", str(web_port)),
        ],
        port=web_port,
        log=options.data_dir.absolute() / "logs" / "mailbox.log",
        environment={"PATH": os.defpath, "HOME": str(mails)},
        cwd=mails,
    ) as program:
        yield program
