"""The codes in which a fiche's facts are told, each list in the order in which people choose from it.

A collection's files, the editor, the list of fiches and the filters of a search know the same lists. Stages, scopes, kinds of
entry, target groups and the sector of education are the ones that policy makers know from Cedefop's timeline of VET policies and
its toolkit against early leaving: https://www.cedefop.europa.eu/en/tools/timeline-vet-policies-europe and
https://www.cedefop.europa.eu/en/tools/vet-toolkit-tackling-early-leaving
"""

from __future__ import annotations

from collections.abc import Mapping

THEMES = (
    "apprenticeship-dual",
    "neet-early-leaving",
    "adult-upskilling",
    "migrants-language",
    "funding-scholarships",
    "infrastructure",
    "governance-partnerships",
    "quality-assurance",
    "recognition",
    "mobility",
    "guidance",
    "employment-services",
    "digital-skills",
    "green-skills",
    "teachers-trainers",
    "inclusion",
)
TARGET_GROUPS = (
    "VET learners",
    "apprentices",
    "NEET",
    "early leavers",
    "long-term unemployed",
    "low-skilled adults",
    "migrants/refugees",
    "women",
    "people with disabilities",
    "Roma/minorities",
    "teachers and trainers",
    "SMEs/craft firms",
    "policy makers",
)
ORG_KINDS = (
    "municipality",
    "county/province",
    "region",
    "school inspectorate/education directorate",
    "VET provider",
    "university",
    "chamber",
    "employer body",
    "NGO",
    "EU network",
    "other",
)
STAGES = ("design", "pilot", "implementation", "completed", "discontinued")
SCOPE_LEVELS = ("local", "regional", "national", "cross-border", "EU")
ENTRY_TYPES = ("strategy", "action plan", "legal act", "regulation", "practical measure", "project", "quick win")
SECTORS = (
    "school education",
    "initial VET",
    "post-secondary VET",
    "higher education",
    "continuing VET",
    "adult education",
    "non-formal learning",
)

# Facts of which a fiche has one, and facts of which it may have several.
ONE_OF: Mapping[str, tuple[str, ...]] = {
    "org_kind": ORG_KINDS,
    "stage": STAGES,
    "scope_level": SCOPE_LEVELS,
    "entry_type": ENTRY_TYPES,
    "sector": SECTORS,
}
SOME_OF: Mapping[str, tuple[str, ...]] = {"themes": THEMES, "target_groups": TARGET_GROUPS}
