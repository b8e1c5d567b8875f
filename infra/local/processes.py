"""Finds the workers that the emulator starts for functions, so that CPU can be told apart by function."""

import os
from collections import defaultdict
from pathlib import Path


def workers_of(emulator: int) -> dict[str, list[int]]:
    """Return the processes of each function, by the function's name in the emulator. Linux only."""
    found: dict[str, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
            environment = (folder / "environ").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it has ended meanwhile, or is not ours
        parent = int(status.rpartition(")")[2].split()[1])
        if parent == emulator:
            variables = dict(entry.partition("=")[::2] for entry in environment.decode(errors="replace").split("\0"))
            found[variables.get("AWS_LAMBDA_FUNCTION_NAME", "unknown")].append(int(folder.name))
    return dict(found)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
