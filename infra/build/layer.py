"""Builds the Lambda layers: the one that all share, with the dependencies, `shared/`, `events/`, catalogues, fonts and
the network's profile; and the extra ones, each with what only one function needs and is too large for all.

The dependencies are installed once per lock file; a change to our own code costs a copy of hard links.
"""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, Literal

from infra.build import BUILD, ROOT, catalogues, changes, fonts
from shared import network

Platform = Literal["local", "aws"]

LOCKS: Final = ROOT / "requirements"
EXTRAS: Final = ("media",)
"""Extra layers, each named after its group of dependencies."""

OURS: Final = (ROOT / "shared", ROOT / "events")
MOUNTED_AT: Final = "/opt/python"

GIVEN_BY_THE_RUNTIME: Final = ("boto3*", "botocore*", "s3transfer*", "urllib3*")
ONLY_FOR_CHALICES_COMMANDS: Final = (
    *(
        "_distutils_hack",
        "_yaml",
        "blessed*",
        "click*",
        "distutils-precedence.pth",
        "editor*",
        "inquirer*",
        "jinxed*",
    ),
    *("pip*", "pyyaml*", "readchar*", "runs*", "setuptools*", "wcwidth*", "wheel*", "xmod*", "yaml*"),
)
NEVER_RUN: Final = (
    *("bin", "*/tests", "**/*.pyi", "chalice/*/", "chalice/[!_a]*.py", "chalice/a[!p]*.py"),
    *("aws_lambda_powertools/event_handler", "aws_lambda_powertools/utilities/[!_jt]*"),
    *("babel/messages", "markdown_it/cli", "packaging*", "pydantic/v1"),
    # Cryptography needs the compiled part of cffi only, and who asks the DNS neither keeps a zone nor signs one.
    *("cffi", "cffi-*", "dns/*zone.py", "dns/dnssec.py", "dns/dnssecalgs", "dns/zonefile.py", "pycparser*"),
    # Certificates need fonttools for TrueType only, where plain Python does what its compiled parts do, and is smaller.
    *("share", "fontTools/**/*.c", "fontTools/**/*.so", "fontTools/afmLib.py", "fontTools/cu2qu", "fontTools/diff"),
    *("fontTools/fontBuilder.py", "fontTools/merge", "fontTools/mtiLib", "fontTools/qu2cu", "fontTools/t1Lib"),
    *("fontTools/tfmLib.py", "fontTools/ttx.py", "fontTools/ufoLib", "fontTools/voltLib"),
)


def build(platform: Platform, profile: Path = network.PROFILE) -> Path:
    """Build the extra layers, and return the folder whose `python/` is the content of the one that all share."""
    catalogues.compile_all()
    fonts.bring()
    for name in EXTRAS:
        _extra(platform, name)
    told = network.load(profile)
    dependencies = _dependencies(platform, told)
    return changes.folder(
        directory(platform, profile),
        changes.made_from_file(dependencies),
        *(Path(__file__), *OURS, profile),
        build=lambda layer: _assemble(layer / "python", dependencies, profile),
    )


def directory(platform: Platform, profile: Path = network.PROFILE) -> Path:
    """Where a profile's layer lies. Tests deploy other profiles beside the network's own."""
    own = profile.resolve() == network.PROFILE.resolve()
    return BUILD / "layer" / (platform if own else f"{platform}-{profile.stem}")


def _extra(platform: Platform, name: str) -> Path:
    lock = LOCKS / f"{name}.txt"

    def build(layer: Path) -> None:
        _install(layer / "python", platform, lock)
        _compile(layer / "python", sources=False)

    return changes.folder(BUILD / "extras" / platform / name, *(lock, Path(__file__), sys.version), build=build)


def _dependencies(platform: Platform, told: network.Network) -> Path:
    own = (*told.languages, told.time_zone.replace("/", "-"), told.calendar.holiday_country)
    lock = LOCKS / "layer.txt"

    def build(target: Path) -> None:
        _install(target, platform, lock)
        _keep_only(target / "babel" / "locale-data", *(f"{one}.dat" for one in ("root", "en", *told.languages)))
        _keep_only(target / "tzdata" / "zoneinfo", "**/*.py", told.time_zone)
        _keep_only(target / "holidays" / "locale", f"*/LC_MESSAGES/{told.calendar.holiday_country}.mo")
        _compile(target, sources=False)

    place = BUILD / "dependencies" / "-".join((platform, *own))
    return changes.folder(place, *(lock, Path(__file__), sys.version), build=build)


def _install(target: Path, platform: Platform, lock: Path) -> None:
    """The AWS layers must hold what runs there (arm64, glibc 2.26), whatever machine builds them."""
    foreign = ("--python-platform", "aarch64-manylinux2014", "--only-binary", ":all:") if platform == "aws" else ()
    python = ("--python", sys.executable, "--target", str(target))
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "install", "--quiet", "--require-hashes", *python, *foreign, "-r", lock]
    subprocess.run(command, cwd=ROOT, check=True)  # where uv reads which dependencies are left out
    for pattern in (*GIVEN_BY_THE_RUNTIME, *ONLY_FOR_CHALICES_COMMANDS, *NEVER_RUN):
        for path in target.glob(pattern):
            _remove(path)


def _assemble(python: Path, dependencies: Path, profile: Path) -> None:
    shutil.copytree(dependencies, python, copy_function=os.link)
    for package in OURS:
        ignored = shutil.ignore_patterns("__pycache__", "*.po", "*.pot", "samples", "*.md")
        shutil.copytree(package, python / package.name, ignore=ignored)
        _compile(python / package.name, sources=True)
    shutil.copyfile(profile, python / "network.toml")


def _compile(folder: Path, *, sources: bool) -> None:
    """Add compiled files that are never checked against their source, or put them in its place.

    In Lambda the layer is read-only: without them a function compiles everything anew at each cold start. Half as many
    files are unpacked in half the time, so the dependencies go without source; ours keeps it for the lines of a trace.
    """
    compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(next(path for path in (folder, *folder.parents) if path.parent.name.startswith(".new-"))),
        prependdir=MOUNTED_AT,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        legacy=not sources,
        workers=0,
    )
    if not sources:
        for source in folder.rglob("*.py"):
            source.unlink()


def _keep_only(folder: Path, *patterns: str) -> None:
    kept = {path for pattern in patterns for path in folder.glob(pattern)}
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path not in kept:
            path.unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
