"""Delivery failures told in prose: by some forty dialects that flufl.bounce knows, and by what daemons write in any language.

In: the raw mail, its headers and its text. Out: a `Report` or None. `is_hard` is the one judgement of dead or merely not now.
"""

from __future__ import annotations

import email
import logging
import re
from dataclasses import dataclass
from email.message import Message

from bot.mail.addresses import LOOSE
from bot.mail.headers import Headers
from bot.mail.phrases import FAILURE_SUBJECT, MAILBOX_FULL
from bot.mail.wording import Wording
from routing.values import FailedRecipient

DAEMON = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|maildaemon|mail-?delivery|mailer|daemon|smtp|bounces?|"
    r"no-?reply-?bounce|mailadmin|mail\.?administrator|system|administrator|microsoftexchange[0-9a-f]+)",
    re.IGNORECASE,
)
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
SMTP_CODE = re.compile(r"(?<![\d.])(4[0-5]\d|5[0-5]\d)(?:[ -]|$)")
TEMPORARY = Wording(
    r"will (?:be retried|retry|keep trying|continue)|still trying|not (?:yet )?been delivered|\bdelay|non-fatal|warning|"
    r"todav[ií]a no|a[uú]n no|seguir(?:á|emos|emos) intent|reintent|pas encore|nouvelle tentative|réessa|non ancora|stato ancora"
    r"|riprover|continuer[aà]|ακόμ[αη]|θα (?:συνεχίσ|προσπαθήσ)|încă nu|reîncerc|još nije|pokušat|nastavit|henüz|denemeye devam"
    r"|noch nicht|erneut versuch|nog niet|jeszcze nie|"
    r"temporar|deferred|you do not need to resend|verzögert|retard|retras|ritard|demora|καθυστερ|întârzi|kasni|gecik",
)
FAILED = Wording(
    r"user unknown|unknown user|no such (?:user|address|recipient|mailbox)|does not exist|doesn.t exist|"
    r"unknown (?:address|recipient)|mailbox (?:unavailable|not found|disabled)|address (?:rejected|not found|"
    r"unknown)|could not be delivered|wasn.t delivered|not be found|unrouteable|host (?:unknown|not found)|permanent|"
    r"invalid recipient|recipient rejected|account (?:is )?(?:disabled|inactive)"
    r"|undeliverable|delivery (?:has )?failed|failed|unzustellbar|nicht zugestellt|n.a pas pu être|"
    r"non è stato possibile|no se (?:ha podido|pudo)|δεν ήταν δυνατή|nu a putut|nije (?:bilo moguće|isporučen)|"
    r"iletilemedi|teslim edilemedi|nie można|misslyckades|mislukt|mislykkedes|epäonnistui|não foi possível|nepodařilo"
    r"|(?:not|non|no|pas|nicht|niet|nie|nu|nije|nisu|δεν|не|ikke|inte|neb[yi]l\w*) .{0,40}(?:deliver|recapit|consegn|inoltrat"
    r"|entreg"
    r"|remis|distribu|livr|achemin|zugestellt|zustell|bezorg|afgelever|dostarcz|dorecz|doruc|isporuc|uruc|παραδο|доставен"
    r"|leverer|levert)"
    r"|inesistente|no existe|non esiste|n.existe|nu exist|ne postoji|δεν υπάρχ|yok(?:tur)?\b|bulunama|geri (?:dön|gönd)"
    r"|nu a ajuns"
    r"|cont\w* a fost|vraćen|κατάργ|καταργ|disattivat|desactivad|désactivé|dezactivat|deaktiviran|kapatıl|gelöscht|hand over"
    r"|n.a pu (?:être|etre)|respint[oa]|rifiutat[oa]|rechazad[oa]|devuelt[oa]|rejete|refuse par|απορριφθ|επιστραφηκ|respins"
    r"|refuzat|odbijen|vracena"
    r"|reddedil|geri cevril|ulastirilamad|iletilemed|gonderilemed|abgelehnt|abgewiesen|geweigerd|odrzucon|odmitnut"
    r"|(?:konto|adres|adresa|adresse|utente|usuario|utilisateur|uporabnik|korisnik|kullanici|χρηστης|παραληπτης|destinatar\w*)\b"
    r".{0,40}(?:nie istnieje|ne postoji|nu exista|inesistente|sconosciut|inconnu|n.existe (?:pas|plus)|desconocid|introuvable"
    r"|no existe|non esiste"
    r"|bulunamad|nepoznat|necunoscut|αγνωστ|δεν βρεθηκε|δεν υπαρχει|yok\b)"
    r"|не удалось|не вдалося|не доставлено|nem lehetett|livrarea nu|isporuka nije|απέτυχε|未能|できませんでした|배달",
)
FOR_GOOD = Wording(
    r"permanent(?:ly)? (?:error|fail|fatal|undeliver)|is a permanent|giving up|gave up|given up|(?<!non-)fatal"
    r"|(?<![\d.])5\.\d\.\d"
)
WARNING_ONLY = Wording(r"warning message only|this is a warning only|you do not need to resend|transient non-fatal")
# What a mail server said, in reports whose own language we do not know
REFUSED = re.compile(r"(?<![\d.])5[0-5]\d[ -](?:5\.\d{1,3}\.\d{1,3}|[A-Za-z<])|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
# Refused for what the letter is or how it came, not for whom it was to (RFC 3463 and the registry of RFC 5248): mailbox full,
# too large, a loop, expired, wrong protocol, content, policy, and our own address as the sender's
NOT_DEAD = re.compile(r"[45]\.(?:1\.(?:7|8)|2\.(?:2|3|4)|3\.[1-9]\d*|4\.(?:2|3|5|6|7|14|310|312|316)|5\.\d+|6\.\d+|7\.\d+)")
AGAINST_LETTER = Wording(
    r"\bspam|block(?:ed|list)|black ?list|\bpolicy\b|content (?:reject|restrict|filter)|\bspf\b|\bdkim\b|\bdmarc\b|\bvirus|"
    r"message (?:size|too)|too (?:large|big)|too many (?:hops|recipients)|rate limit|reputation|not authenticated"
)
NO_SUCH_USER = Wording(
    r"(?:user|recipient|address|mailbox|account)\b.{0,40}(?:unknown|not (?:exist|found|valid)|doesn.t exist|does not exist|"
    r"disabled|inactive)|(?:no such|unknown|invalid) (?:user|recipient|address|mailbox|account)|recipnotfound|recipientnotfound"
)
MAX_HEAD = 70_000


@dataclass(frozen=True, slots=True)
class Report:
    """`kind` is "failed", "delayed" or "success"; `about` the Message-ID of the letter it reports on."""

    rule: str
    kind: str
    recipients: tuple[FailedRecipient, ...] = ()
    about: str | None = None
    original: Headers | None = None


def names_a_refusal(text: str) -> bool:
    """An address and why it was refused: without them a subject about undelivered things is a person's."""
    head = text[:3000]
    return LOOSE.search(head) is not None and (
        STATUS.search(head) is not None
        or SMTP_CODE.search(head) is not None
        or FAILED.search(head) is not None
        or MAILBOX_FULL.search(head) is not None
    )


def is_hard(status: str, diagnostic: str) -> bool:
    """Whether the address is dead: class 5, but not full, busy, or refused for what the letter is."""
    if MAILBOX_FULL.search(diagnostic):
        return False
    if NOT_DEAD.fullmatch(status):
        return status.startswith("5.7.") and NO_SUCH_USER.search(diagnostic) is not None
    if status:
        return status.startswith("5")
    code = SMTP_CODE.search(diagnostic)
    return not (code and code.group(1).startswith("4"))


def is_against_letter(diagnostic: str) -> bool:
    """Whether a server's own words, where its status says nothing, speak of the letter and not of its recipient."""
    return AGAINST_LETTER.search(diagnostic) is not None and NO_SUCH_USER.search(diagnostic) is None


def status_in(text: str) -> str:
    found = STATUS.search(text)
    return found.group(1) if found else ""


def prose_report(rule: str, addresses: tuple[str, ...], text: str, delayed: bool) -> Report:
    status = status_in(text) or ("5.2.2" if MAILBOX_FULL.search(text[:4000]) else "")
    hard = not delayed and not status.startswith("4") and is_hard(status, text[:4000])
    kind = "delayed" if delayed else "failed"
    return Report(rule, kind, tuple(FailedRecipient(address, hard, status, delayed) for address in addresses))


def failed_by_dialect(raw: bytes, text: str) -> Report | None:
    """flufl.bounce reads some forty dialects. It is loaded only when a daemon wrote, to keep the process small."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs what a mail made it raise, addresses and all
    try:
        temporary, permanent = all_failures(_tame(raw))
    except Exception:  # a foreign parser on hostile input: whatever it raises means "not understood"
        return None
    if WARNING_ONLY.search(text[:3000]):  # one detector takes every failed address of sendmail for a permanent failure
        temporary, permanent = temporary | permanent, frozenset()
    status = status_in(text)
    found = [
        FailedRecipient(_name(one), False, status if status.startswith("4") else "", True)
        for one in sorted(temporary - permanent)
    ]
    hard = not MAILBOX_FULL.search(text[:4000])
    status = status or ("" if hard else "5.2.2")
    found += [FailedRecipient(_name(one), hard, status) for one in sorted(permanent)]
    if not found:
        return None
    return Report("bounce-dialect", "failed" if permanent else "delayed", tuple(found))


def _tame(raw: bytes) -> Message:
    """What the detectors stumble over is put right first: foreign letters in headers, and a From field without an address."""
    head, gap, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:MAX_HEAD] else b"\n\n")
    head = re.sub(rb"[^\x00-\x7f]", b"?", head)
    message = email.message_from_bytes(head + gap + body)
    if "@" not in str(message.get("from", "")):
        del message["from"]
        message["From"] = "mailer-daemon@unknown.invalid"
    return message


def _name(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else address).strip().lower()


def failed_in_prose(headers: Headers, text: str) -> Report | None:
    """Reports in prose: a daemon, words of failure, an address near them."""
    subject = headers.text("subject")
    head = text[:3000]
    late = TEMPORARY.search(subject) is not None
    told = f"{subject}\n{head}"
    full = MAILBOX_FULL.search(told) is not None
    if not (
        late or full or FAILURE_SUBJECT.search(subject) or FAILED.search(told) or (LOOSE.search(head) and REFUSED.search(head))
    ):
        return None
    delayed = TEMPORARY.search(subject + " " + head) is not None and not FOR_GOOD.search(head)
    own_part = re.split(
        r"\n-{3,}.*(?:copy|original|return|header|included).*\n|\n(?:Received|Return-Path|From):",
        head,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    addresses = tuple(
        hit for hit in dict.fromkeys(one.group().lower().strip(".'") for one in LOOSE.finditer(own_part)) if not DAEMON.match(hit)
    )
    return prose_report("bounce-prose", addresses[:10], text, delayed)
