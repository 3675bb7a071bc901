"""How people's mail programs write: a new mail, and a reply with the quote, header and signature such programs add.

In: who writes what to whom, and when. Out: a MIME mail as those programs send it, plain and HTML side by side.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.demo.postoffice import Letter, bare

# What programs put above the quoted letter, by the language they are set to.
QUOTING = {
    "en": "On {date} at {time}, {who} wrote:",
    "it": "Il giorno {date} alle ore {time} {who}\nha scritto:",
    "es": "El {date} a las {time}, {who}\nescribió:",
    "fr": "Le {date} à {time}, {who}\na écrit :",
    "el": "Στις {date} {time}, ο/η {who}\nέγραψε:",
    "ro": "Pe {date} la {time}, {who}\na scris:",
    "hr": "Dana {date} u {time} {who}\nje napisao/la:",
    "tr": "{who}, {date} {time} tarihinde\nşunu yazdı:",
}
# Gmail's own spelling of a weekday and day, close enough for every language it speaks.
DATE = "EEE d MMM y"

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Program:
    """A person's mail program: its owner's address, the language it speaks, the clock on the wall, the signature it adds."""

    address: str
    language: str
    zone: str
    signature: str = ""


def new_mail(program: Program, to: str, subject: str, text: str, now: datetime) -> EmailMessage:
    mail = _addressed(program, to, subject, now)
    mail.set_content(text + "\n")
    return mail


def reply(program: Program, letter: Letter, text: str, now: datetime) -> EmailMessage:
    """A reply above the quoted letter: multipart/alternative, threaded by In-Reply-To and References."""
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    mail = _addressed(program, letter.reply_address, subject, now)
    mail["In-Reply-To"] = letter.message_id
    mail["References"] = " ".join(filter(None, (letter.mail["References"], letter.message_id)))
    header, signature = _quote_header(program, letter), program.signature
    mail.set_content(_plain(text, signature, header, letter.text))
    mail.add_alternative(_html(text, signature, header, letter.text), subtype="html")
    return mail


def _addressed(program: Program, to: str, subject: str, now: datetime) -> EmailMessage:
    domain = program.address.rpartition("@")[2]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"<{program.address}>", f"<{to}>", subject
    mail["Date"] = format_datetime(now.astimezone(ZoneInfo(program.zone)))
    mail["Message-ID"] = f"<{now:%Y%m%d%H%M%S}.{next(_numbers)}@{domain}>"
    return mail


def _quote_header(program: Program, letter: Letter) -> str:
    sent = letter.at.astimezone(ZoneInfo(program.zone))
    who = f"{letter.mail['From'].addresses[0].display_name} <{bare(letter.mail, 'From')}>"
    date = format_date(sent, DATE, locale=program.language)
    time = format_time(sent, "HH:mm", locale=program.language)
    return QUOTING.get(program.language, QUOTING["en"]).format(date=date, time=time, who=who)


def _plain(text: str, signature: str, header: str, quoted: str) -> str:
    signed = f"\n-- \n{signature}\n" if signature else ""
    return f"{text}\n{signed}\n{header}\n\n" + "".join(f"> {line}".rstrip() + "\n" for line in quoted.rstrip().split("\n"))


def _html(text: str, signature: str, header: str, quoted: str) -> str:
    signed = f'<div>-- <br></div><div class="gmail_signature">{_lines(signature)}</div>' if signature else ""
    quote = f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;padding-left:1ex">{_lines(quoted.rstrip())}</blockquote>'
    attributed = f'<div dir="ltr" class="gmail_attr">{_lines(header)}<br></div>'
    return f'<div dir="ltr">{_lines(text)}</div><br>{signed}<br><div class="gmail_quote">{attributed}{quote}</div>\n'


def _lines(text: str) -> str:
    return "<br>\n".join(escape(text).split("\n"))
