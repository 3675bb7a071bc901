"""Fifty ways in which a machine answers a letter, from those that keep to RFC 3834 to those that lie.

`ROBOTS` maps a name to a function of (letter, number of the round, own address) that gives the mails sent back, each as
`Sent`. A robot answers every letter it gets, at once, for ever: silence must come from us.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from tests.town import address_in, text_of


@dataclass(frozen=True)
class Sent:
    raw: bytes
    envelope: str  # "" is the null return path
    to: str
    proven: bool = True


def mail(
    letter,
    own,
    text,
    *,
    subject=None,
    thread=True,
    to=None,
    sender=None,
    envelope=None,
    proven=True,
    html=False,
    number=0,
    **fields,
):
    """An answer as a program writes it; `fields` are more header fields with underscores for dashes."""
    message = EmailMessage()
    message["From"] = sender or own
    message["To"] = to = to or address_in(letter["Reply-To"] or letter["From"])
    message["Subject"] = subject if subject is not None else f"Re: {letter['Subject']}"
    message["Message-ID"] = f"<{number}.{abs(hash((own, str(letter['Message-ID']))))}@{own.rpartition('@')[2]}>"
    if thread:
        message["In-Reply-To"] = message["References"] = str(letter["Message-ID"])
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, subtype="html" if html else "plain")
    return Sent(message.as_bytes(policy=SMTP), own if envelope is None else envelope, to, proven)


AWAY = "I am out of the office until 4 December 2026 and will read your message then."
NULL = {"envelope": ""}
REPLIED = {"Auto_Submitted": "auto-replied"}
IN_EIGHT = {
    "en": ("Out of office", "I am out of the office until 4 December 2026."),
    "it": ("Fuori ufficio", "Sono fuori ufficio fino al 4 dicembre 2026."),
    "es": ("Fuera de la oficina", "Estoy fuera de la oficina hasta el 4 de diciembre de 2026."),
    "fr": ("Absence du bureau", "Je suis absent du bureau jusqu'au 4 décembre 2026."),
    "el": ("Εκτός γραφείου", "Είμαι εκτός γραφείου έως 4 Δεκεμβρίου 2026."),
    "ro": ("În afara biroului", "Sunt în concediu până la 4 decembrie 2026."),
    "hr": ("Izvan ureda", "Nisam u uredu do 4. prosinca 2026."),
    "tr": ("Ofis dışı", "4 Aralık 2026 tarihine kadar ofis dışındayım."),
}


def quoted(letter):
    return "\n".join(f"> {line}" for line in text_of(letter).splitlines())


def one(text=AWAY, **how):
    """A robot that sends the same words each time."""
    return lambda letter, number, own: [mail(letter, own, text, number=number, **how)]


def report(action, status, *, sender=None, text="The mail system could not deliver your letter."):
    def answer(letter, number, own):
        raw = (
            f"From: {sender or 'MAILER-DAEMON@' + own.rpartition('@')[2]}\r\nTo: {address_in(letter['Reply-To'])}\r\n"
            f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{number}.dsn@{own.rpartition('@')[2]}>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; mx.machines.example\r\n\r\nFinal-Recipient: rfc822; {own}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
        ).encode()
        return [Sent(raw, "", address_in(letter["Reply-To"]))]

    return answer


def receipt(letter, number, own):
    raw = (
        f"From: {own}\r\nTo: {address_in(letter['Reply-To'])}\r\nSubject: Read: {letter['Subject']}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        f"Read.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;{own}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    ).encode()
    return [Sent(raw, "", address_in(letter["Reply-To"]))]


def copied(letter, number, own):
    """Sends our letter back with all its fields, as some forwarders do."""
    raw = letter.as_bytes(policy=SMTP)
    return [Sent(raw, own, address_in(letter["Reply-To"]))]


def numbered(text, **how):
    """Every answer is a little different, in text or subject."""

    def answer(letter, number, own):
        filled = {key: value.format(n=number) if isinstance(value, str) else value for key, value in how.items()}
        return [mail(letter, own, text.format(n=number), number=number, **filled)]

    return answer


def wandering(letter, number, own):
    """Writes from another address of its domain each time."""
    local, _, domain = own.partition("@")
    return [mail(letter, own, AWAY, sender=f"{local}+{number}@{domain}", number=number)]


def doubled(letter, number, own):
    return [mail(letter, own, AWAY, number=f"{number}a"), mail(letter, own, AWAY, number=f"{number}b")]


def echo(**how):
    return lambda letter, number, own: [mail(letter, own, text_of(letter), number=number, **how)]


def quoting(words, **how):
    return lambda letter, number, own: [mail(letter, own, f"{words}\n\n{quoted(letter)}", number=number, **how)]


TOPICS = (
    "Which towns run a school for bakers, and who pays for it?",
    "How do small islands keep their pharmacies open in winter?",
    "Who has leased electric buses for pupils in the hills?",
    "What became of libraries that lend tools to the neighbourhood?",
    "Which city trains carers at night, and with what result?",
    "How many apprentices does a port need for repairing ships?",
    "Who advises farmers on selling to hospitals nearby?",
    "Where do retired masters teach roofing to the unemployed?",
)


def one_after_the_other(texts, **how):
    """Something else each time, so that only the pace gives it away."""
    return lambda letter, number, own: [mail(letter, own, texts[number % len(texts)], subject=f"Topic {number}", number=number, **how)]


def tagged(texts):
    """A question from a tag of its mailbox that nobody has seen yet."""

    def answer(letter, number, own):
        local, _, domain = own.partition("@")
        sender = f"{local.partition('+')[0]}+{number}@{domain}"
        return [mail(letter, own, texts[number % len(texts)], sender=sender, envelope=sender, thread=False, to="questions@network.example", number=number)]

    return answer


def alternating(*robots):
    return lambda letter, number, own: robots[number % len(robots)](letter, number, own)


ROBOTS = {
    # keep to the rules
    "rfc3834": one(**NULL, **REPLIED),
    "exchange": one(subject="Automatic reply: Q", X_Auto_Response_Suppress="All", Auto_Submitted="auto-generated"),
    "gmail": one(**REPLIED, Precedence="bulk", X_Autoreply="yes"),
    "vacation-1": one(Precedence="junk"),
    "auto-reply-precedence": one(Precedence="auto_reply"),
    "cpanel": one(X_Autorespond="yes", Auto_Submitted="auto-replied", Precedence="auto_reply"),
    "plesk": one(X_Mailer="Autoresponder", X_Autoreply="yes"),
    "auto-submitted-with-comment": one(Auto_Submitted="auto-replied (vacation)"),
    "auto-notified": one(Auto_Submitted="auto-notified; owner-email=\"x@machines.example\""),
    "exchange-oof-only": one(X_Auto_Response_Suppress="OOF, AutoReply"),
    "null-sender": one("We are closed.", **NULL),
    # no header at all, in eight languages
    **{f"away-{code}": one(text, subject=subject) for code, (subject, text) in IN_EIGHT.items()},
    "notes": one("I will be out of the office starting 23/11/2026 and will not return until 04/12/2026.", subject="AUTO: I am out of the office"),
    "groupwise": one("I am on leave until 4 December 2026.", subject="Vacation"),
    "html-only": one("<p>I am out of the office until <b>4 December 2026</b>.</p>", html=True, subject="Out of office"),
    # ticket systems
    "otrs": numbered("Thank you for your request. It was registered under ticket number 20261123{n}.", subject="[Ticket#20261123{n}] Re", **REPLIED),
    "ticket-without-header": numbered("Your request has been received. Your ticket number is 4711{n}. Do not reply to this e-mail.", subject="[Ticket#4711{n}] received"),
    "ticket-stripping-thread": numbered("Your request has been received. Ticket number 99{n}.", subject="[Ticket#99{n}] new", thread=False),
    "zendesk": one("##- Please type your reply above this line -##\n\nYour request (4711) has been received.", subject="[Request received]", X_Auto_Response_Suppress="All"),
    "servicenow": numbered("Your case CS{n}000 has been opened.", subject="Case CS{n}000 opened", Auto_Submitted="auto-generated"),
    "rt": one("This message has been automatically generated in response to the creation of a ticket.", RT_Ticket="x.example #4", Precedence="bulk"),
    "protocol-office": one("La sua richiesta è stata protocollata. Messaggio generato automaticamente.", subject="Protocollo n. 4711/2026"),
    # filters and lists
    "challenge": one("To have your message delivered please confirm that you are human: https://cr.machines.example/x"),
    "list-welcome": one("Welcome to the list.", List_Id="<welcome.machines.example>"),
    "newsletter": one("Our offers", List_Unsubscribe="<https://machines.example/u>", Precedence="bulk", thread=False),
    "receipt": receipt,
    # reports
    "refused": report("failed", "5.1.1"),
    "delayed": report("delayed", "4.4.1"),
    "refused-by-itself": report("failed", "5.1.1", sender="robot@machines.example"),
    "qmail": one("Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n<{own}>:\nNo mailbox here. (#5.1.1)", subject="failure notice", **NULL),
    "spam-filter": one("Your message was rejected. 550 5.7.1 spam", subject="Undeliverable: letter", sender="postmaster@machines.example"),
    # careless
    "no-reply": one("Thank you.", sender="no-reply@machines.example"),
    "answers-twice": doubled,
    "answers-from": lambda letter, number, own: [mail(letter, own, AWAY, to="questions@network.example", number=number)],
    "no-thread": one(AWAY, thread=False),
    "copies-our-fields": copied,
    "reply-to-elsewhere": one(AWAY, Reply_To="victim@elsewhere.example"),
    "unproven": one(AWAY, proven=False),
    # hostile
    "wandering": wandering,
    "echo": echo(),
    "echo-without-thread": echo(thread=False, subject="A question"),
    "echo-lying": echo(Auto_Submitted="no"),
    "pretends-to-be-us": one(AWAY, sender="questions@network.example"),
    "noted": numbered("Noted, number {n}."),
    "new-subject": numbered("Noted.", subject="Message {n}", thread=False),
    "asks-back": numbered("What do you mean by your point {n}?"),
    "asks-anew": numbered("Which towns run a school for bakers number {n}, and who pays for it?", subject="Question {n}", thread=False, to="questions@network.example"),
    "asks-other-things": one_after_the_other(TOPICS, thread=False, to="questions@network.example"),
    "asks-the-same": one("Which towns run a school for bakers, and who pays for it?", subject="Bakers", thread=False, to="questions@network.example"),
    "asks-vaguely": numbered("Help us, please. {n}", subject="Help {n}", thread=False, to="questions@network.example"),
    "asks-from-tags": tagged(TOPICS),
    "says-help": one("help", thread=False, to="questions@network.example"),
    "says-status": one("status"),
    "says-status-anew": one("status", subject="status", thread=False, to="questions@network.example"),
    "says-no": one("no"),
    "chooses": numbered("{n}"),
    "withdraws-and-asks": alternating(one("stop"), one("Which towns run a school for bakers?", thread=False, to="questions@network.example")),
    "forwards-our-letter": echo(subject="Fwd: A question", thread=False, to="questions@network.example"),
    "html-question": numbered("<p>Who runs a bakery school number {n}?</p>", html=True, subject="Question {n}", thread=False, to="questions@network.example"),
    "asks-many-times": lambda letter, number, own: [mail(letter, own, text, thread=False, subject=f"Q {number}", to="questions@network.example", number=f"{number}.{at}") for at, text in enumerate(TOPICS[number % 4 : number % 4 + 3])],
    "quotes-and-asks": quoting("What is this?"),
    "ok": one("ok"),
    "garbage": one("\x01\x02 \ufffd\ufffd " * 40),
}  # fmt: skip
