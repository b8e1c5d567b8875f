"""Runs a step only when what it reads has changed: by content, since a fresh clone has fresh dates."""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def fingerprint(*inputs: Path | str) -> str:
    """Return one digest of texts, files and folders. Compiled Python counts for nothing."""
    digest = hashlib.sha256()
    for entry in inputs:
        if isinstance(entry, str):
            digest.update(b"text\0" + entry.encode() + b"\0")
            continue
        for path in [entry] if entry.is_file() else _files(entry):
            digest.update(f"{path.relative_to(entry.parent)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def folder(product: Path, *inputs: Path | str, build: Callable[[Path], None]) -> Path:
    """Let `build` fill an empty folder that becomes `product`, unless that was made from the same inputs."""
    made_from = made_from_file(product)
    wanted = fingerprint(*inputs)
    with alone(product):
        if product.exists() and made_from.exists() and made_from.read_text() == wanted:
            return product
        with tempfile.TemporaryDirectory(dir=product.parent, prefix=".new-") as scratch:
            fresh = Path(scratch, product.name)
            fresh.mkdir()
            build(fresh)
            made_from.unlink(missing_ok=True)
            shutil.rmtree(product, ignore_errors=True)
            fresh.rename(product)
        made_from.write_text(wanted)
    return product


def made_from_file(product: Path) -> Path:
    """Where it is written what a product was made from: as an input, it stands for the whole product."""
    return product.with_name(f"{product.name}.made-from")


@contextmanager
def alone(product: Path) -> Iterator[None]:
    """Keep other processes from making the same product meanwhile."""
    product.parent.mkdir(parents=True, exist_ok=True)
    with product.with_name(f".{product.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix != ".pyc" and "__pycache__" not in path.parts and path.is_file()
    )
