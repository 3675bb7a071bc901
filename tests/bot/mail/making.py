"""Small mails for tests, said in one line."""

from __future__ import annotations

from bot.mail.config import MailConfig
from bot.mail.parse import read

TOKEN = "7m2k9x4tq0w8r5v3c6n1z0b2h4f7"
CONFIG = MailConfig(
    own_addresses=("questions@rrm.example",), reply_domain="rrm.example", own_instance_id="rrm-test", authserv_id="mx.rrm.example", own_names=("Network Desk",)
)
PERSON = "Desk of City <desk@city.example>"


def mail(body: str = "Hello", /, *, sender: str | None = PERSON, to: str = "questions@rrm.example", subject: str = "A question", **fields: str) -> bytes:
    """Field names are written with underscores: auto_submitted="auto-replied"."""
    head = {"From": sender, "To": to, "Subject": subject, "Date": "Mon, 05 May 2025 10:00:00 +0200", "Message-ID": "<m1@city.example>"}
    named = {name.replace("_", "-").title(): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in (head | named).items() if value is not None]
    lines += [] if any(name.lower() == "content-type" for name in named) else ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    return ("\n".join(lines) + "\n\n" + body).encode()


def understood(raw: bytes, *, envelope: dict | None = None, config: MailConfig = CONFIG):
    return read(raw, config=config, envelope=envelope or {})


def multipart(kind: str, *parts: str, **params: str) -> dict:
    """`mail(**multipart("mixed", part, part))` needs the body first, so this gives (body, fields)."""
    extra = "".join(f'; {name.replace("_", "-")}="{value}"' for name, value in params.items())
    body = "".join(f"--XX\n{part}\n" for part in parts) + "--XX--\n"
    return {"body": body, "content_type": f'multipart/{kind}; boundary="XX"{extra}'}


def mail_of(parts: dict, **fields: str) -> bytes:
    return mail(parts["body"], content_type=parts["content_type"], **fields)


def reply_to_us(body: str, **fields: str) -> bytes:
    return mail(body, to=f"reply+{TOKEN}@rrm.example", subject="Re: Q-2025-0042", in_reply_to="<letter@rrm.example>", **fields)
