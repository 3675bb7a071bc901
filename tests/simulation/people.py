"""The people of a simulated network, drawn from a seed: authorities, experts with habits, askers."""

from dataclasses import dataclass
from datetime import timedelta

THEMES = (
    "apprenticeship-dual",
    "guidance",
    "infrastructure",
    "recognition",
    "mobility",
    "inclusion",
    "digital-skills",
    "funding-scholarships",
)
PLACES = (
    ("IT", "Europe/Rome", "it", "mon-thu 08:30-12:30,14:00-17:00; fri 08:30-12:30"),
    ("ES", "Europe/Madrid", "es", "mon-fri 08:30-14:30"),
    ("FR", "Europe/Paris", "fr", "mon-thu 08:30-12:30,13:30-17:30; fri 08:30-12:30"),
    ("GR", "Europe/Athens", "el", "mon-fri 07:30-15:30"),
    ("RO", "Europe/Bucharest", "ro", "mon-thu 08:00-16:30; fri 08:00-14:00"),
    ("HR", "Europe/Zagreb", "hr", "mon-fri 07:30-15:30"),
    ("TR", "Europe/Istanbul", "tr", "mon-fri 08:30-12:30,13:30-17:30"),
    ("PT", "Atlantic/Azores", "en", "mon-fri 09:00-12:30,14:00-17:30"),
    ("AU", "Australia/Lord_Howe", "en", "mon-fri 09:00-17:00"),
    ("NZ", "Pacific/Chatham", "en", "mon-fri 08:30-16:30; sat 09:00-11:00"),
)  # fmt: skip
# habit -> how many of a hundred experts have it
HABITS = {"prompt": 40, "slow": 20, "silent": 12, "away": 10, "wrong": 10, "bouncing": 8}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Size:
    authorities: int = 40
    experts: int = 150
    askers: int = 60
    questions: int = 40
    days: int = 5 * 365
    downtimes: int = 12
    jumps: int = 6


SMALL = Size(authorities=5, experts=12, askers=4, questions=2, days=25, downtimes=1, jumps=1)


def authorities(size, luck):
    for number in range(size.authorities):
        country, zone, language, hours = PLACES[number % len(PLACES)]
        themes = luck.sample(THEMES, luck.randint(2, 4))
        yield dict(
            slug=f"authority-{number}", name=f"Authority {number}", kind="municipality", country=country, subdivision="",
            place=f"Place {number}", zone=zone, hours=hours, themes=";".join(themes), languages=f"{language};en",
            capacity_per_month=str(luck.randint(3, 8)), profile=" ".join(themes),
        )  # fmt: skip


def experts(size, luck):
    """Each authority has at least one expert; the rest are spread by chance."""
    seats = [*range(size.authorities), *(luck.randrange(size.authorities) for _ in range(size.experts - size.authorities))]
    ranks = dict.fromkeys(range(size.authorities), 0)
    for number, seat in enumerate(seats):
        language = PLACES[seat % len(PLACES)][2]
        yield dict(
            email=f"desk-{number}@authority-{seat}.example", authority=f"authority-{seat}", role=f"Desk {number}",
            language=language, languages=f"{language};en", themes="", rank=str(ranks[seat]), monthly_limit=str(luck.randint(2, 6)),
        )  # fmt: skip
        ranks[seat] += 1


def habits(size, luck):
    """Address number -> habit."""
    names, weights = zip(*HABITS.items(), strict=True)
    return luck.choices(names, weights, k=size.experts)
