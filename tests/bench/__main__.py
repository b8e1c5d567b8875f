"""`make bench`: run every measurement, print the table, write `.build/bench.json`."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from infra.build import BUILD
from infra.local.local_stack import local_stack
from infra.local.options import Options
from tests.bench import calls, catalogue, imports, pages, registrations, reminders

if TYPE_CHECKING:
    from tests.bench.rows import Row


def main() -> None:
    """Measure everything on a stack of its own."""
    console = Console()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tovholder-bench-") as data_dir:
        with local_stack(Options.apart(Path(data_dir), first_port=19000), console.status) as stack:
            for measure in (registrations.rows, pages.rows, calls.rows, reminders.rows, catalogue.rows):
                with console.status(measure.__module__.rpartition(".")[2]):
                    rows += measure(stack)
        rows += imports.rows()
    BUILD.joinpath("bench.json").write_text(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
    table = Table("measured", "result", "bar", "met")
    for row in rows:
        table.add_row(row.what, row.shown, row.bar_shown, row.verdict)
    console.print(table)


if __name__ == "__main__":
    main()
