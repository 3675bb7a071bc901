"""How near in meaning the same question is in other words and languages, and how near different questions come.

In: the collection's labelled set of equal questions (same_questions.jsonl: one group, one question, in eight languages; near
misses stand in groups of their own) and, as further different ones, its other questions. Out: cosines by the bundled model,
and for each threshold how many equal pairs it joins (recall) and how many of those joined are equal (precision), within
the labelled set, a fifth of which was written to mislead; and how many pairs of all other questions come as near. The
policy's `same.join_at` is the lowest threshold at which none of the other pairs is joined (the asker is told and takes a
wrong pair apart with one click), `same.offer_at`, where a person decides each time, a little lower.

What is below `join_at` a coordinator is shown from `same.suggest_at` on, by the cosine and the concepts that both name. Both
numbers were chosen on every other question of the set; the figures of the other half are those to believe.

    ./run bench same_questions
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from retrieval import concepts_of, embedder_from
from routing.policy import SamePolicy, load_policy
from routing.sameness import shared

FOLDER = Path(__file__).parent.parent / "data" / "collections" / "vet-practices"
THRESHOLDS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.72, 0.75, 0.78, 0.80, 0.85, 0.90)


def main() -> None:
    rows = _rows("same_questions.jsonl")
    others = [row["text"] for name in ("questions.jsonl", "routing_questions.jsonl") for row in _rows(name)]
    embedder = embedder_from("bundled")
    vectors = np.asarray(embedder.encode_questions([row["text"] for row in rows]))
    far = np.asarray(embedder.encode_questions(others))
    groups = np.array([row["group"] for row in rows])
    upper = np.triu_indices(len(rows), 1)
    cosine, same = (vectors @ vectors.T)[upper], (groups[:, None] == groups[None, :])[upper]
    wrong = np.concatenate([(vectors @ far.T).ravel(), (far @ far.T)[np.triu_indices(len(others), 1)]])
    print(f"{same.sum()} equal pairs: median {np.median(cosine[same]):.3f}, lowest tenth {np.quantile(cosine[same], 0.1):.3f}")
    print(f"{(~same).sum()} different pairs of the set: highest {cosine[~same].max():.3f}")
    print(f"{wrong.size} pairs with other questions: highest {wrong.max():.3f}, 99.99 % below {np.quantile(wrong, 0.9999):.3f}")
    for threshold in THRESHOLDS:
        joined = cosine >= threshold
        precision = same[joined].mean() if joined.any() else 1.0
        print(
            f"{threshold:.2f}: recall {same[joined].sum() / same.sum():.3f}, precision {precision:.3f}, "
            f"wrong among the others {(wrong >= threshold).sum()} of {wrong.size}"
        )
    _tell_suggested(rows, vectors @ vectors.T, groups, load_policy().same)


def _tell_suggested(rows: list[dict[str, str]], cosine: np.ndarray, groups: np.ndarray, policy: SamePolicy) -> None:
    """What a coordinator is shown at the policy's threshold, beside what the cosine alone shows when it finds as many."""
    named = [frozenset(concepts_of(row["text"])) for row in rows]
    together = np.array([[shared(one, other) for other in named] for one in named])
    families = np.array([group.partition("-near-")[0] for group in groups])
    heads = sorted(set(families))
    for name, half in (("chosen on", heads[::2]), ("held out", heads[1::2])):
        mine = np.flatnonzero(np.isin(families, half))
        one, other = (mine[places] for places in np.triu_indices(len(mine), 1))
        same, plain = groups[one] == groups[other], cosine[one, other]
        shown = plain + policy.concepts * together[one, other] >= policy.suggest_at
        as_many = plain >= np.sort(plain[same])[::-1][max(1, int(same[shown].sum())) - 1]
        print(
            f"suggested, {name}: recall {same[shown].sum() / same.sum():.3f}, precision {same[shown].mean():.3f}; "
            f"by the cosine alone {same[as_many].mean():.3f}"
        )


def _rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
