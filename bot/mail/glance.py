"""Who wrote a mail, at a glance: enough to keep one sender's mails in their order, never enough to act on.

Looks at the header's first From field in the process that took the mail in, in time linear in its length; what a mail says is
read whole elsewhere (`bot.mail.pool`), and there the strict reading decides.
"""

from __future__ import annotations

import re

from bot.mail.addresses import find_addresses

LONGEST_HEADER, LONGEST_FIELD = 65_536, 2_000  # bytes
_HEADER_ENDS = re.compile(rb"\r?\n\r?\n")
_FROM = re.compile(rb"^From[ \t]*:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)


def sender_at_a_glance(raw: bytes) -> str | None:
    """The address that the From field ends with, lower-case; None where none can be made out."""
    header = _HEADER_ENDS.split(raw[:LONGEST_HEADER], maxsplit=1)[0]
    if (found := _FROM.search(header)) is None:
        return None
    addresses = find_addresses(found[1][:LONGEST_FIELD].decode("utf-8", "replace"))
    return addresses[-1] if addresses else None
