"""Shipped weights as files: half precision, published names, and for the same weights and facts the same bytes.

The safetensors package writes a file's metadata in an order that differs from run to run; here its header is written again in a fixed one.
"""

import hashlib
import json

from safetensors.torch import save

ALIGNMENT = 8  # of the header's end, as the format has it


def fixed(data):
    """The bytes of a safetensors file with its header's metadata sorted by name."""
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    facts = header.pop("__metadata__", None)
    ordered = ({"__metadata__": dict(sorted(facts.items()))} if facts else {}) | header
    text = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def write(weights, path, facts):
    """Weights by name as f16, with facts (text by name) in the metadata; the file as models.json lists it."""
    data = fixed(save({name: value.half().contiguous() for name, value in weights.items()}, {name: str(fact) for name, fact in facts.items()}))
    path.write_bytes(data)
    path.chmod(0o644)
    return {"url": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
