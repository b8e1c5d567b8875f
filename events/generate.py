"""Writes the facts' JSON Schemas beside them: `python -m events.generate`. A test fails when they are out of date."""

import json
from pathlib import Path
from typing import Any, Final

from events.catalog import CATALOG
from events.envelope import Contract, Envelope

SCHEMAS: Final = Path(__file__).parent / "schemas"
SAMPLES: Final = Path(__file__).parent / "samples"


def file_name(fact: type[Contract]) -> str:
    """Return the name of a fact's schema, and of its sample."""
    return f"{fact.TYPE}.v{fact.VERSION}.json"


def schema(fact: type[Contract]) -> dict[str, Any]:
    """Return the schema of a fact in its envelope."""
    written: dict[str, Any] = Envelope[fact].model_json_schema()  # type: ignore[valid-type]
    written["title"] = f"{fact.TYPE} v{fact.VERSION}"
    written["description"] = fact.__doc__ or ""
    written["properties"]["type"] = {"const": fact.TYPE}
    written["properties"]["version"] = {"const": fact.VERSION}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | written


def text(fact: type[Contract]) -> str:
    """Return a fact's schema as it is kept."""
    return json.dumps(schema(fact), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema."""
    SCHEMAS.mkdir(exist_ok=True)
    for fact in CATALOG.values():
        (SCHEMAS / file_name(fact)).write_text(text(fact), encoding="utf-8")


if __name__ == "__main__":
    main()
