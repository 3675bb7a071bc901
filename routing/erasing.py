"""What stands where a person's words stood: the one text that no search, label or report may take for somebody's question."""

from __future__ import annotations

ERASED = "[erased at the person's request]"
