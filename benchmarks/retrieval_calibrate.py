"""Fits the confidence that is shipped: on MLQA and on the development questions of the shipped collection.

    python benchmarks/retrieval_calibrate.py FOLDER      (with en.json and es.json, SQuAD format, questions paired by id)

The folder is `mlqa-r` of github.com/google-research-datasets/lareqa at 354d67d (MLQA: Lewis et al. 2020, CC BY-SA 3.0): real
questions on Wikipedia paragraphs. Each entry appears in one language; half of the entries, or of the topics, are taken away, so
that the model sees questions without an answer. MLQA asks for facts in a wide field, a collection for practices in a narrow one,
where the best fiche leads by less: so the collection's questions count too. XQuAD and the collection's test questions, on which
we report, take no part. The result is a dozen coefficients in retrieval/share/calibration.json.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import SHIPPED, SIGNALS, Label, fit_default
from retrieval.choosing import embedder_from
from retrieval.collection import load_collection, load_questions
from retrieval.plain import PlainSystem

LANGUAGES = ("en", "es")
DRAWS = 2
COLLECTION = Path(__file__).resolve().parents[1] / "data" / "collections" / "vet-practices"
# How often each of the collection's questions counts, so that together they weigh about a fifth of MLQA's.
COLLECTION_WEIGHT = 4


@dataclass(frozen=True)
class Entry:
    texts: dict[str, str]
    topic: str


@dataclass(frozen=True)
class Asked:
    texts: dict[str, str]
    entry: int


def main(folder: Path) -> None:
    entries, asked = read(folder)
    # A calibration to start from; only its signals are used here.
    blank = fit_default([Label(dict.fromkeys(SIGNALS, value), bool(value), bool(value)) for value in (0.0, 1.0)])
    system = PlainSystem(embedder_from("bundled"), blank)
    random = np.random.default_rng(7)
    labels = []
    for draw in range(DRAWS):
        for kept in (random.random(len(entries)) < 0.5, half_of_topics(entries, random)):
            labels += labels_of(system, entries, asked, kept, random)
            print(f"draw {draw + 1}: {len(labels)} labels, {np.mean([label.first for label in labels]):.3f} right", flush=True)
    labels += COLLECTION_WEIGHT * labels_of_collection(system)
    fit_default(labels).save(SHIPPED)


def labels_of(
    system: PlainSystem, entries: list[Entry], asked: list[Asked], kept: NDArray[np.bool_], random: np.random.Generator
) -> list[Label]:
    pool = np.flatnonzero(kept)
    codes = [str(random.choice(list(entries[entry].texts))) for entry in pool]
    system.fit([entries[entry].texts[code] for entry, code in zip(pool, codes, strict=True)], codes)
    labels = []
    for language in LANGUAGES:
        hits = system.search([one.texts[language] for one in asked], [language] * len(asked), 3)
        for one, ids, signals in zip(asked, hits.ids, hits.signals, strict=True):
            right = [place >= 0 and pool[place] == one.entry for place in ids]
            labels.append(Label(signals, bool(right[0]), any(right)))
    return labels


def labels_of_collection(system: PlainSystem) -> list[Label]:
    system.fit_fiches(load_collection(COLLECTION))
    asked = [one for one in load_questions(COLLECTION / "questions.jsonl") if one.split == "dev"]
    hits = system.search([one.text for one in asked], [one.language for one in asked], 3)
    slugs = [entry.slug for entry in system.index.entries]
    right = [[slugs[place] in one.answers for place in ids] for one, ids in zip(asked, hits.ids, strict=True)]
    return [Label(signals, found[0], any(found)) for signals, found in zip(hits.signals, right, strict=True)]


def read(folder: Path) -> tuple[list[Entry], list[Asked]]:
    """Paragraphs that share a question are one entry in two languages; the others of the English file only fill the pool."""
    both = [by_question(folder / f"{language}.json") for language in LANGUAGES]
    entries: dict[str, Entry] = {}
    asked: list[tuple[dict[str, str], str]] = []
    for id in sorted(both[0].keys() & both[1].keys()):
        (question, text, topic), (other_question, other_text, _) = both[0][id], both[1][id]
        entries.setdefault(text, Entry({"en": text, "es": other_text}, topic))
        asked.append(({"en": question, "es": other_question}, text))
    for _, text, topic in both[0].values():
        entries.setdefault(text, Entry({"en": text}, topic))
    place = {text: i for i, text in enumerate(entries)}
    return list(entries.values()), [Asked(texts, place[text]) for texts, text in sorted(asked, key=lambda pair: pair[1])]


def by_question(file: Path) -> dict[str, tuple[str, str, str]]:
    articles = json.loads(file.read_text("utf-8"))["data"]
    return {
        asked["id"]: (asked["question"], paragraph["context"], article["title"])
        for article in articles
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
    }


def half_of_topics(entries: list[Entry], random: np.random.Generator) -> NDArray[np.bool_]:
    topics = sorted({entry.topic for entry in entries})
    chosen = set(random.permutation(topics)[: len(topics) // 2])
    return np.array([entry.topic in chosen for entry in entries])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
