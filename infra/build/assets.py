"""Builds what pages link to: one stylesheet, a little script, an icon sheet and three fonts, under hashed names.

The design system, `dkfds`, comes from npm; `chalice_app/assets` has the theme and what is ours. Nothing built is
committed. `python -m infra.build.assets` builds; when nothing has changed it only looks.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from shared import network

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ROOT / "chalice_app/assets"
TEMPLATES: Final = ROOT / "chalice_app/chalicelib/templates"
LOCALES: Final = ROOT / "shared/locales"
MODULES: Final = ROOT / "node_modules"
DESIGN_SYSTEM: Final = MODULES / "dkfds/src"
BUILT: Final = ROOT / ".build/assets"
MANIFEST: Final = BUILT / "manifest.json"
MANIFEST_OF_THE_APP: Final = ROOT / "chalice_app/chalicelib/assets.json"

FONTS: Final = ("Regular", "Italic", "SemiBold")
READABLE: Final = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3): white text stands on the profile's colours."""


def npm_install() -> None:
    """Bring `node_modules` to what the lock says, unless it is there already."""
    stamp = MODULES / ".lock-sha256"
    wanted = _digest((ROOT / "package-lock.json").read_bytes())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _node("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def build(profile: Path = network.PROFILE) -> None:
    """Build everything into `.build/assets`, with a manifest from plain to hashed names."""
    npm_install()
    compile_catalogues()
    colours = network.load(profile).colours
    key = _key(repr(sorted(colours.items())))
    stamp = BUILT / ".key"
    if not (stamp.exists() and stamp.read_text() == key):
        shutil.rmtree(BUILT, ignore_errors=True)
        BUILT.mkdir(parents=True)
        MANIFEST.write_text(json.dumps(_build_all({str(name): hue for name, hue in colours.items()}), indent=1))
        stamp.write_text(key)
    # The web app carries the names, not the files: those are served from the edge.
    shutil.copyfile(MANIFEST, MANIFEST_OF_THE_APP)


def compile_catalogues() -> None:
    """Compile each language's sentences for gettext, where they are newer than what was compiled."""
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po, compiled.open("wb") as mo:
            write_mo(mo, read_po(po, locale=source.parts[-3]))


def _build_all(colours: dict[str, str]) -> dict[str, str]:
    """Write every file and return the manifest. Fonts come first: the stylesheet names them."""
    for name, hue in colours.items():
        if _contrast_with_white(hue) < READABLE:
            raise ValueError(f"network.toml: colours.{name} {hue} is too light for white text on it")
    fonts = {
        f"plex-{font.lower()}.woff2": (
            DESIGN_SYSTEM / f"fonts/IBMPlexSans/split/woff2/IBMPlexSans-{font}-Latin1.woff2"
        ).read_bytes()
        for font in FONTS
    }
    manifest = {name: _write(name, content) for name, content in fonts.items()}
    scripts = {path.name: path.read_bytes() for path in SOURCES.glob("*.js")}
    ours = {
        "site.css": _stylesheet(colours, manifest),
        "icons.svg": _icon_sheet(),
        "favicon.svg": (SOURCES / "favicon.svg").read_text().replace("#000000", colours["accent"]).encode(),
        # As written: minified, the scripts would be half a kilobyte less on the wire, and nobody could read them.
        **scripts,
    }
    return manifest | {name: _write(name, content) for name, content in ours.items()}


def _stylesheet(colours: dict[str, str], manifest: dict[str, str]) -> bytes:
    css = _node(
        "node",
        str(MODULES / "sass/sass.js"),
        "--style=compressed",
        "--no-source-map",
        "--no-charset",
        "--quiet-deps",
        f"--load-path={DESIGN_SYSTEM / 'stylesheets'}",
        str(SOURCES / "site.scss"),
    )
    # The theme says `asset:` for a file beside the stylesheet and `icon:` for one of the design system's icons,
    # which are so small that a request each would weigh more.
    css = re.sub(r'url\("?asset:([^")]+)"?\)', lambda found: f'url("{manifest[found[1]]}")', css)
    css = re.sub(r'url\("?icon:([^")]+)\.svg"?\)', lambda found: f'url("{_inline(_icon(found[1]))}")', css)
    properties = ";".join(f"--{name.replace('_', '-')}:{hue}" for name, hue in colours.items())
    return f":root{{{properties}}}{css}".encode()


def _icon_sheet() -> bytes:
    """One file with the icons that templates use, and no other, each as a symbol under its name."""
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.html")))
    symbols = (
        _icon(name).replace("<svg xmlns=\"http://www.w3.org/2000/svg\"", f'<symbol id="{name}"').replace("</svg>", "</symbol>")
        for name in sorted(set(re.findall(r"icon\('([a-z-]+)'", pages)))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _icon(name: str) -> str:
    return (DESIGN_SYSTEM / f"img/svg-icons/{name}.svg").read_text(encoding="utf-8").strip()


def _inline(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg, safe=" =/:;,'")


def _write(name: str, content: bytes) -> str:
    path = Path(name)
    hashed = f"{path.stem}.{_digest(content)[:12]}{path.suffix}"
    (BUILT / hashed).write_bytes(content)
    return hashed


def _key(colours: str) -> str:
    """What the files are made from, as one digest."""
    files = [Path(__file__), ROOT / "package-lock.json", *SOURCES.rglob("*"), *TEMPLATES.rglob("*.html")]
    contents = b"".join(_digest(path.read_bytes()).encode() for path in sorted(files) if path.is_file())
    return _digest(contents + colours.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _contrast_with_white(colour: str) -> float:
    """The contrast ratio as WCAG defines it, from the relative luminance of an sRGB colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def _node(command: str, *arguments: str) -> str:
    """Run node or npm of this virtual environment, and return what it printed."""
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(programs / command), *arguments],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


if __name__ == "__main__":
    build()
