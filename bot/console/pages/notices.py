"""My notices: what each user is told, when and where; and the chat they may connect for it. Everybody sets their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console import clocks
from bot.console.access import WATCH, Guarded
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.letterlists import MATTERS
from bot.console.visits import BadForm, Visit
from routing import matters, wishes
from routing.countries import folded
from routing.hours import DAYS
from routing.models import NoticeChoice

ZONES = (
    "Europe/Amsterdam", "Europe/Athens", "Europe/Belgrade", "Europe/Berlin", "Europe/Bratislava", "Europe/Brussels",
    "Europe/Bucharest", "Europe/Budapest", "Europe/Chisinau", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki",
    "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/Ljubljana", "Europe/London", "Europe/Luxembourg",
    "Europe/Madrid", "Europe/Malta", "Europe/Oslo", "Europe/Paris", "Europe/Podgorica", "Europe/Prague", "Europe/Riga",
    "Europe/Rome", "Europe/Sarajevo", "Europe/Skopje", "Europe/Sofia", "Europe/Stockholm", "Europe/Tallinn", "Europe/Tirane",
    "Europe/Vienna", "Europe/Vilnius", "Europe/Warsaw", "Europe/Zagreb", "Europe/Zurich", "Asia/Nicosia", "Atlantic/Azores",
    "Atlantic/Canary", "Atlantic/Madeira", "Atlantic/Reykjavik",
)  # fmt: skip
# Whose public holidays count as days off: the Union, its candidates and neighbours.
COUNTRIES = (
    "AL", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GE", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "TR", "UA",
)  # fmt: skip


def mine(visit: Visit) -> Response:
    return _shown(visit, "")


def choose(visit: Visit) -> Response:
    with changing(visit, "/notices") as session:
        wishes.choose(session, visit.me.user_id, _chosen(visit), by=visit.me.actor, now=visit.now)
    return visit.go("/notices", "notices")


def connect(visit: Visit) -> Response:
    """A secret for the bot, shown once: whoever says it to the bot within half an hour is this user."""
    channel = visit.desk.service.channels.get("telegram")
    if channel is None:
        raise Failed(BadForm("Telegram is not switched on here."), back="/notices")
    with visit.store.transaction() as session:
        code = wishes.new_code(session, visit.me.user_id, visit.now)
    return _shown(visit, code, str(getattr(channel, "username", None) or ""))


def _chosen(visit: Visit) -> wishes.Chosen:
    address = visit.field("address")
    return wishes.Chosen(
        bundled=visit.field("how") == "bundled",
        alerts=visit.fields("alert"),
        every=visit.number("every"),
        digest=bool(visit.field("digest")),
        monthly=bool(visit.field("monthly")),
        days=visit.fields("day"),
        opens=visit.field("opens")[:5],
        closes=visit.field("closes")[:5],
        zone=visit.field("zone")[:60],
        country=visit.field("country")[:2],
        address_id=int(address) if address.isdecimal() and len(address) < 10 else None,
    )


def _shown(visit: Visit, code: str, bot: str = "") -> Response:
    with visit.store.snapshot() as session:
        choice = wishes.choice_of(session, visit.me.user_id)
        facts: dict[str, Any] = {
            "addresses": wishes.addresses(session, visit.me.user_id),
            "burning": _counted(session, visit),
            "has_telegram": "telegram" in visit.desk.service.channels,
        }
    chosen = _as_form(choice, visit.office.zone)
    named = ((clocks.zone_name(zone, visit.words.say), zone) for zone in {*ZONES, visit.office.zone, chosen["zone"]})
    zones = sorted(named, key=lambda one: folded(one[0]))
    names = visit.words.say.locale.days["stand-alone"]["wide"]
    days = {day: names[number] for number, day in enumerate(DAYS)}
    known: dict[str, Any] = {"sorts": MATTERS, "every": wishes.EVERY, "days": days, "zones": zones, "countries": COUNTRIES}
    return visit.show("notices.html", chosen=chosen, code=code, bot=bot, **facts, **known)


def _counted(session: Session, visit: Visit) -> Mapping[str, int]:
    """What burns now in this visitor's care, by sort: what a digest would tell."""
    counts = dict.fromkeys(MATTERS, 0)
    for one in matters.burning(session, visit.care, visit.now, visit.me.actor):
        counts[one.sort] += 1
    return counts


def _as_form(choice: NoticeChoice | None, zone: str) -> dict[str, Any]:
    """The choice as the form shows it; whoever has none yet sees what we would suggest."""
    if choice is None:
        hours = {day: [f"{wishes.OPENS}-{wishes.CLOSES}"] for day in wishes.DEFAULT_DAYS}
        suggested = {"bundled": False, "alerts": wishes.DEFAULT_ALERTS, "every": 60, "digest": True, "monthly": True}
        return suggested | {"zone": zone, "country": "", "address": None} | _span(hours)
    names = {"bundled": choice.bundled, "alerts": choice.alerts, "every": choice.every_minutes}
    names |= {"digest": choice.digest, "monthly": choice.monthly}
    return names | {"zone": choice.zone, "country": choice.country or "", "address": choice.address_id} | _span(choice.hours)


def _span(hours: Mapping[str, Any]) -> dict[str, Any]:
    first, last = next(iter(hours.values()))[0].split("-")
    return {"days": tuple(hours), "opens": first, "closes": "00:00" if last == "24:00" else last}


ROUTES = (
    Guarded("/notices", mine, WATCH),
    Guarded("/notices", choose, WATCH, "POST"),
    Guarded("/notices/chat", connect, WATCH, "POST"),
)
