"""What it brings to remember answered questions as vectors of what answered them. In: XQuAD and the shipped collection.

    python benchmarks/retrieval_asked.py [--sample 400] [--weights 0,0.5,1] [--from 0.5,0.6,0.7]

Three ways to ask, each with nothing and with answered questions in the index: "again" asks XQuAD's questions after somebody else
asked the very same in another language; "others" asks half of them when the other half, on the same paragraphs, was answered;
"collection" does so with the shipped collection's questions. XQuAD's paragraphs exist in one random language each. What is
remembered must help where it is asked again and cost nothing where it is not. XQuAD is read from $RRM_CORPORA, else from
../shared/corpora.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from retrieval import ranking
from retrieval.choosing import embedder_from
from retrieval.collection import load_collection, load_questions
from retrieval.evaluate import XQUAD_LANGUAGES, corpora_folder
from retrieval.parallel import Parallel, read_squad
from retrieval.plain import PlainSystem, RememberingEmbedder
from retrieval.values import FicheRecord, FicheText, LabelledQuestion

COLLECTION = Path(__file__).resolve().parents[1] / "data" / "collections" / "vet-practices"
Asked = Sequence[LabelledQuestion]
Case = tuple[str, Sequence[FicheRecord], Asked, Asked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--weights", default=str(ranking.ASKED_WEIGHT))
    parser.add_argument("--from", dest="least", default=str(ranking.ASKED_FROM))
    told = parser.parse_args()
    data = read_squad({code: corpora_folder() / "xquad" / f"xquad.{code}.json" for code in XQUAD_LANGUAGES})
    data = data.sampled(told.sample, 0)
    cases = [*on_xquad(data, np.random.default_rng(1)), *on_collection()]
    made = PlainSystem(RememberingEmbedder(embedder_from("bundled")))
    for name, fiches, _, asked in cases:
        show(name, "nothing remembered", made, fiches, asked)
    for weight in map(float, told.weights.split(",")):
        for least in map(float, told.least.split(",")):
            ranking.ASKED_WEIGHT, ranking.ASKED_FROM = weight, least
            for name, fiches, known, asked in cases:
                show(name, f"weight {weight:.2f} from {least:.2f}", made, [knowing(fiche, known) for fiche in fiches], asked)


def show(name: str, how: str, made: PlainSystem, fiches: Sequence[FicheRecord], asked: Asked) -> None:
    made.fit_fiches(fiches)
    right = right_of(made, asked)
    print(f"{name:12} {how:24} R@1 {right[:, 0].mean():.4f}  R@3 {right.any(1).mean():.4f}  ({len(right)})", flush=True)


def right_of(made: PlainSystem, asked: Asked) -> NDArray[np.bool_]:
    """Which of the first three found answer, bool [questions, 3]."""
    hits = made.search([one.text for one in asked], [one.language for one in asked], 3)
    slugs = [entry.slug for entry in made.index.entries]
    return np.array([[slugs[place] in one.answers for place in ids] for one, ids in zip(asked, hits.ids, strict=True)])


def knowing(fiche: FicheRecord, known: Asked) -> FicheRecord:
    return replace(fiche, asked=tuple((one.language, one.text) for one in known if fiche.slug in one.answers))


def on_xquad(data: Parallel, random: np.random.Generator) -> Iterator[Case]:
    spoken = [data.languages[number] for number in random.integers(0, len(data.languages), data.size)]
    fiches = [paragraph(number, code, data.entries[code][number]) for number, code in enumerate(spoken)]
    half = random.random(len(data.answers)) < 0.5
    every = [list(asked_in(data, code, range(len(data.answers)))) for code in data.languages]
    step = random.integers(1, len(data.languages), len(data.answers))
    for number, own in enumerate(every):
        again = [every[(number + step[place]) % len(every)][place] for place in range(len(own))]
        yield f"again {data.languages[number]}", fiches, again, own
    mixed = [every[(step[place]) % len(every)][place] for place in np.flatnonzero(half).tolist()]
    yield "others", fiches, mixed, [own[place] for own in every for place in np.flatnonzero(~half).tolist()]


def paragraph(number: int, code: str, text: str) -> FicheRecord:
    return FicheRecord(slug=f"p{number}", source_language=code, facts={}, texts=(FicheText(code, "", "", {"text": text}),))


def asked_in(data: Parallel, code: str, places: Iterable[int]) -> Iterator[LabelledQuestion]:
    for place in places:
        yield LabelledQuestion(f"{code}-{place}", code, data.questions[code][place], (f"p{data.answers[place]}",))


def on_collection() -> Iterator[Case]:
    fiches, every = load_collection(COLLECTION), load_questions(COLLECTION / "questions.jsonl")
    for split in ("dev", "test"):
        half = [one for one in every if one.split == split and one.answers]
        yield f"collection {split[0]}", fiches, [one for one in every if one.split != split], half


if __name__ == "__main__":
    main()
