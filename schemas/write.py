"""Write the JSON Schemas from the models (``make schemas``), or check that they are current (``--check``)."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.envelope import CloudEvent
from schemas.topics import topic_table

FOLDER = Path(__file__).parent / "json"


def models_of(reference: str) -> list[type[BaseModel]]:
    """``module:A|B`` -> the classes."""
    module, _, names = reference.partition(":")
    return [getattr(importlib.import_module(module), name) for name in names.split("|")]


def schema_files() -> dict[str, str]:
    """File name -> JSON text: one file a topic, the envelope with every model its ``data`` may be."""
    written = {}
    for topic in topic_table().values():
        if not topic.model or topic.name.endswith(".dead"):
            continue
        variants: list[dict[str, Any]] = [CloudEvent[model].model_json_schema() for model in models_of(topic.model)]  # type: ignore[valid-type]
        schema = variants[0] if len(variants) == 1 else {"anyOf": variants}
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": topic.name, **schema}
        written[f"{topic.name}.v1.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return written


def main(arguments: list[str]) -> int:
    """Exit code 1 with ``--check`` when a written schema differs from its model."""
    FOLDER.mkdir(exist_ok=True)
    stale = [
        name
        for name, text in schema_files().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text
    ]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"schemas/json/{name} does not match its model: run make schemas\n")
        return 1 if stale else 0
    for name, text in schema_files().items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
