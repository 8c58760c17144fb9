"""Files that are there whole or not at all."""

import json
import math
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


def plain(value):
    """A value as JSON would give it back: names as keys, lists, and None for what is not a finite number."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def cell(text: str) -> str:
    """Text for a CSV cell: a spreadsheet must not take it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
