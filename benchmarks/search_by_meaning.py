"""What the console's search by meaning finds, and what it leaves alone, at each floor.

In: the collection's labelled questions in eight languages; two that the same fiche answers are about the same. A query is one of
them as it stands ("questions": what an asker wrote; "keywords": the few words that some of them are), or a fiche's title; it is
to find the questions of its fiches in the seven other languages. Queries on other subjects, and none at all, are to find nothing.
Out: for each floor, of what is to be found the share found (recall), of what is shown the share that is to be found (precision:
a lower bound, for two questions of different fiches can be about the same as well), the queries that find something right, and
what queries on other subjects are shown. The floor and the weight of the concepts (`routing.nearness`) were chosen on every other
query of each kind; the figures of the rest are those to believe, as far as development figures can be: the vocabulary of concepts
was written by somebody who had seen the questions. Rows are compared as the database keeps them, one byte a dimension.

    ./run bench search_by_meaning [--embedder st:NAME]

Another embedder's cosines lie elsewhere. The last line says which floor would do for it: the lowest at which at most a tenth of
the queries on other subjects are shown something; it goes into the settings as search.near_at, in hundredths.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from retrieval import embedder_from, load_collection
from routing.meaning import named, read
from routing.nearness import CONCEPTS, NEAR_AT, Asked, Stock

FOLDER = Path(__file__).parent.parent / "data" / "collections" / "vet-practices"
FLOORS = (0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10)
MOST_ELSEWHERE = 0.1
ELSEWHERE = """
football results last night; best pizza in town; how to remove red wine stains; cheap flights in August; the weather
tomorrow; my cat does not eat; ανταλλακτικά για παλιό αυτοκίνητο; συνταγή για μουσακά; πότε κλείνει το μουσείο;
ricetta della carbonara; orari degli autobus per la spiaggia; il cane abbaia di notte; horario de la piscina
municipal; multas de aparcamiento en el centro; receta de gazpacho; recette de la tarte aux pommes; panne de chauffage
dans la mairie; horaires de la déchetterie; vozni red trajekta za Brač; recept za sarmu; kada se odvozi krupni otpad;
hava durumu yarın; en iyi kebap nerede; otopark ücretleri; rețetă de sarmale; program piscină; amenzi de parcare;
qwrtzplk vbnmx; asdf jkl; lorem ipsum dolor sit amet; aaaaaa bbbbbb; the the the; 12 monkeys; photosynthesis in algae;
quantum tunnelling; medieval castles of Scotland; street lighting tender; waste water treatment plant; dog tax;
cemetery fees
"""


def main() -> None:
    asked = [json.loads(line) for line in (FOLDER / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", default="bundled")
    embedder = embedder_from(parser.parse_args().embedder)
    stock = Stock.of(range(len(asked)), read(embedder, [one["text"] for one in asked]), embedder.dims)
    print(f"{len(asked)} questions; the floor is {NEAR_AT:.2f}, concepts weigh {CONCEPTS:.2f}")
    for kind, queries in _queries(asked).items():
        nearness = _nearness(stock, embedder, [text for text, _, _ in queries])
        wanted = np.array([_wanted(asked, *rest) for _, *rest in queries])
        others = np.array([[one["language"] != language for one in asked] for _, language, _ in queries])
        for half, rows in (("chosen on", slice(0, None, 2)), ("held out", slice(1, None, 2))):
            _tell(f"{kind}, {half}", nearness[rows], wanted[rows], others[rows])
    _tell_elsewhere(_nearness(stock, embedder, [" ".join(one.split()) for one in ELSEWHERE.split(";")]))


def _queries(asked):
    """(text, language, fiches) of each kind, in an order that mixes languages."""
    answered = [one for one in asked if one["answers"]]
    titles = [(text.title, text.language, {fiche.slug}) for fiche in load_collection(FOLDER) for text in fiche.texts]
    return {
        "keywords": [(one["text"], one["language"], set(one["answers"])) for one in answered if one["style"] == "keywords"],
        "questions": [(one["text"], one["language"], set(one["answers"])) for one in answered if one["style"] != "keywords"],
        "titles": titles,
    }


def _wanted(asked, language, fiches):
    return [one["language"] != language and bool(fiches & set(one["answers"])) for one in asked]


def _nearness(stock, embedder, texts):
    vectors = np.asarray(embedder.encode_questions(list(texts)))
    return np.array([stock.nearness(Asked(vector, named(text))) for vector, text in zip(vectors, texts, strict=True)])


def _tell(name, nearness, wanted, others):
    there = wanted.any(1)
    nearness, wanted, others = nearness[there], wanted[there], others[there]
    ranks = np.argsort(-np.where(others, nearness, -2), axis=1)
    first = np.take_along_axis(wanted, ranks, 1)[:, :10]
    print(f"{name}: {len(nearness)} queries, {wanted.sum(1).mean():.1f} to find each; first right {first[:, 0].mean():.2f}, "
          f"one of ten right {first.any(1).mean():.2f}")  # fmt: skip
    for floor in FLOORS:
        shown = (nearness >= floor) & others
        right = shown & wanted
        precision = right.sum() / max(shown.sum(), 1)
        print(
            f"  {floor:.2f}: recall {right.sum() / wanted.sum():.3f}, precision {precision:.3f}, "
            f"something right {right.any(1).mean():.2f}, shown {shown.sum(1).mean():.1f}"
        )


def _tell_elsewhere(nearness):
    print(f"{len(nearness)} queries on other subjects or none")
    for floor in FLOORS:
        shown = nearness >= floor
        print(f"  {floor:.2f}: {(shown.any(1)).sum()} are shown something, {shown.sum(1).mean():.2f} questions each")
    enough = (floor for floor in FLOORS if (nearness >= floor).any(1).mean() <= MOST_ELSEWHERE)
    print(f"search.near_at = {100 * next(enough, max(FLOORS)):.0f}")


if __name__ == "__main__":
    main()
