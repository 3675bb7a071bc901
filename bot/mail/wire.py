"""What travels between the service and the process that reads mail: length-prefixed JSON, bytes in base64. No pickle.

A frame is four bytes of length (big-endian) and that many bytes of JSON.
"""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from typing import Any

from routing.values import AttachedFile, FailedRecipient, Incoming, Kind, Unreadable

LENGTH_BYTES = 4
MAX_FRAME = 120 * 1024 * 1024


def frame(value: Any) -> bytes:
    data = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def request(raw: bytes, envelope: dict[str, Any]) -> bytes:
    return frame({"raw": base64.b64encode(raw).decode("ascii"), "envelope": envelope})


def signature_request(raw: bytes, sender: str, tokens: tuple[str, ...]) -> bytes:
    return frame({"raw": base64.b64encode(raw).decode("ascii"), "sender": sender, "tokens": list(tokens)})


def pack(item: Incoming | Unreadable) -> dict[str, Any]:
    if isinstance(item, Unreadable):
        return {"unreadable": item.reason, "channel": item.channel}
    fields = {name: getattr(item, name) for name in Incoming.__slots__}
    fields |= {
        "kind": item.kind.value,
        "absent_until": item.absent_until.isoformat() if item.absent_until else None,
        "sent_at": item.sent_at.isoformat() if item.sent_at else None,
        "failed": [[one.address, one.hard, one.status, one.delayed] for one in item.failed],
        "attachments": [[one.name, one.media_type, base64.b64encode(one.content).decode("ascii")] for one in item.attachments],
        "facts": dict(item.facts),
    }
    return fields


def unpack(data: dict[str, Any]) -> Incoming | Unreadable:
    """Raises KeyError, TypeError or ValueError for what `pack` did not make."""
    if "unreadable" in data:
        return Unreadable(str(data["channel"]), str(data["unreadable"]))
    fields = data | {
        "kind": Kind(data["kind"]),
        "absent_until": date.fromisoformat(data["absent_until"]) if data["absent_until"] else None,
        "sent_at": datetime.fromisoformat(data["sent_at"]) if data["sent_at"] else None,
        "failed": tuple(FailedRecipient(*one) for one in data["failed"]),
        "attachments": tuple(AttachedFile(name, kind, base64.b64decode(content)) for name, kind, content in data["attachments"]),
    }
    fields |= {name: tuple(data[name]) for name in ("tokens", "references", "recipients")}
    return Incoming(**fields)
