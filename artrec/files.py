"""Files that are there whole or not at all."""

import json
import os
from pathlib import Path


def write_whole(file: Path, content: str | bytes) -> None:
    """Write to a temporary name beside the file, then put it in place; what was there before stays until then."""
    part = file.with_name(file.name + ".part")
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(part, file)


def write_json(file: Path, document: dict) -> None:
    """A document as indented JSON, whole or not at all."""
    write_whole(file, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
