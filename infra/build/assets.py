"""Builds what pages link to: a stylesheet, scripts, pictures, icons and fonts, named after their content.

The design system, `dkfds`, comes from npm; `chalice_app/assets` has the theme and what is ours.
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

from infra.build import BUILD, ROOT, changes, node, picture
from shared import network

NPM: Final = node.NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
LOCK: Final = ROOT / "package-lock.json"
APP: Final = ROOT / "chalice_app"
SOURCES: Final = APP / "assets"
TEMPLATES: Final = (APP / "chalicelib" / "templates", ROOT / "shared" / "pages")
"""What the web app makes pages of: its own, and the frame that they share with others."""

PAGES: Final = (*TEMPLATES, ROOT / "shared" / "catalogue" / "templates")
"""All that pages are made of: what names an icon gets it."""

MODULES: Final = ROOT / "node_modules"
DESIGN_SYSTEM: Final = MODULES / "dkfds" / "src"
BUILT: Final = BUILD / "assets"

FONTS: Final = ("Regular", "Italic", "SemiBold")
STEMMERS: Final = {"da": "dk", "sv": "se"}
"""Languages that the package with their endings calls otherwise than the rest of the world (ISO 639-1)."""

NO_ENDINGS: Final = b"export const stemmer = (word) => word;\n"

READABLE: Final = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3): white text stands on the profile's colours."""


def npm_install(folder: Path = ROOT) -> Path:
    """Return a folder's `node_modules`, brought to what its lock says."""
    modules = folder / "node_modules"
    stamp = modules / ".made-from"
    wanted = changes.fingerprint(folder / LOCK.name)
    with changes.alone(BUILD / f"node_modules-{folder.name}"):
        if not (stamp.exists() and stamp.read_text() == wanted):
            _run(NPM, "ci", "--loglevel=error", f"--prefix={folder}")
            stamp.write_text(wanted)
    return modules


def directory(profile: Path = network.PROFILE) -> Path:
    """Where a profile's assets lie. Tests deploy other profiles beside the network's own."""
    return BUILT if _is_own(profile) else BUILT.with_name(f"{BUILT.name}-{profile.stem}")


def build(profile: Path = network.PROFILE) -> Path:
    """Build everything: files and a manifest of their names into the folder returned, what the app needs into it."""
    npm_install()
    told = network.load(profile)
    colours = {str(name): hue for name, hue in told.colours.items()}
    built = changes.folder(
        directory(profile),
        *(LOCK, Path(__file__), Path(picture.__file__), picture.SCRIPT, SOURCES, *PAGES),
        json.dumps([colours, told.languages, told.name], sort_keys=True),
        build=lambda folder: _build_into(folder, colours, told),
    )
    compiled = changes.folder(
        BUILD / "templates",
        *(*TEMPLATES, APP / "chalicelib" / "templating.py", sys.version),
        build=_compile_templates,
    )
    # The web app carries the templates, and of the assets the names only: the files are served from the edge.
    shutil.copytree(compiled, APP / "chalicelib" / "compiled", dirs_exist_ok=True)
    if _is_own(profile):
        shutil.copyfile(built / "manifest.json", APP / "chalicelib" / "assets.json")
    return built


def _is_own(profile: Path) -> bool:
    return profile.resolve() == network.PROFILE.resolve()


def _build_into(folder: Path, colours: dict[str, str], told: network.Network) -> None:
    for name, hue in colours.items():
        if contrast_with_white(hue) < READABLE:
            raise ValueError(f"network profile: colours.{name} {hue} is too light for white text on it")
    pictures = {path.name: _coloured(path, colours) for path in SOURCES.glob("*.svg")}
    # As written: minified, the script would be half a kilobyte less on the wire, and nobody could read it.
    scripts = {path.name: path.read_bytes() for path in SOURCES.glob("*.js")} | _search(told.languages)
    share = picture.beside_links(
        told.name,
        colours["accent"],
        mark=pictures["favicon.svg"].decode(),
        rope=pictures["rope.svg"].decode(),
        font=DESIGN_SYSTEM / "fonts" / "IBMPlexSans" / "complete" / "ttf" / "IBMPlexSans-SemiBold.ttf",
    )
    files = {**_fonts(), **pictures, **scripts, "icons.svg": _icon_sheet(), "share.png": share}
    names = {name: _hashed(name, content) for name, content in files.items()}
    files["site.css"] = _stylesheet(colours, names)
    names["site.css"] = _hashed("site.css", files["site.css"])
    for name, content in files.items():
        (folder / names[name]).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(names, indent=1, sort_keys=True))


def _compile_templates(folder: Path) -> None:
    command = [sys.executable, "-m", "chalicelib.templating", str(folder)]
    path = os.pathsep.join((str(ROOT), str(APP)))
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=True)


def _fonts() -> dict[str, bytes]:
    cuts = DESIGN_SYSTEM / "fonts" / "IBMPlexSans" / "split" / "woff2"
    return {f"plex-{cut.lower()}.woff2": (cuts / f"IBMPlexSans-{cut}-Latin1.woff2").read_bytes() for cut in FONTS}


def _search(languages: tuple[str, ...]) -> dict[str, bytes]:
    """What searches in the browser, and what knows the endings of each language; if nobody does, words stay whole."""
    stemmers = MODULES / "@orama" / "stemmers" / "dist"
    found = {language: stemmers / f"{STEMMERS.get(language, language)}.js" for language in languages}
    return {
        "minisearch.js": _without_map(MODULES / "minisearch" / "dist" / "es" / "index.js"),
        **{
            f"stemmer-{language}.js": _without_map(path) if path.exists() else NO_ENDINGS
            for language, path in found.items()
        },
    }


def _without_map(script: Path) -> bytes:
    """A browser would ask for the map, which we do not have."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", script.read_bytes())


def _coloured(picture: Path, colours: dict[str, str]) -> bytes:
    """Our own pictures are drawn with black where the network's colour belongs."""
    return picture.read_text(encoding="utf-8").replace("#000000", colours["accent"]).encode()


def _stylesheet(colours: dict[str, str], names: dict[str, str]) -> bytes:
    css = _run(
        MODULES / "sass" / "sass.js",
        *("--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps"),
        f"--load-path={DESIGN_SYSTEM / 'stylesheets'}",
        str(SOURCES / "site.scss"),
    )
    # The theme says `asset:` for a file beside the stylesheet, and `icon:` for an icon of the design system;
    # those are so few and small that they are put inside.
    css = re.sub(r'url\("?asset:([^")]+)"?\)', lambda found: f'url("{names[found[1]]}")', css)
    css = re.sub(r'url\("?icon:([^")]+)\.svg"?\)', lambda found: f'url("{_inline(_icon(found[1]))}")', css)
    properties = ";".join(f"--{name.replace('_', '-')}:{hue}" for name, hue in colours.items())
    return f":root{{{properties}}}{css}".encode()


def _icon_sheet() -> bytes:
    """One file with the icons that templates use and no others, each a symbol under its name."""
    pages = "".join(path.read_text(encoding="utf-8") for folder in PAGES for path in folder.rglob("*.html"))
    symbols = (_symbol(name) for name in sorted(set(re.findall(r"icon\('([a-z-]+)'", pages))))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _symbol(name: str) -> str:
    opened = _icon(name).replace('<svg xmlns="http://www.w3.org/2000/svg"', f'<symbol id="{name}"')
    return opened.replace("</svg>", "</symbol>")


def _icon(name: str) -> str:
    return (DESIGN_SYSTEM / "img" / "svg-icons" / f"{name}.svg").read_text(encoding="utf-8").strip()


def _inline(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg, safe=" =/:;,'")


def _hashed(name: str, content: bytes) -> str:
    path = Path(name)
    return f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"


def contrast_with_white(colour: str) -> float:
    """The contrast ratio as WCAG defines it, from the relative luminance of an sRGB colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _run(script: Path, *arguments: str) -> str:
    """Run a node program in the repository, and return what it printed."""
    command = [str(node.NODE), str(script), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=node.environment(), stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout
