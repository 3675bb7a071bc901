"""Parallel questions and entries for evaluation. In: SQuAD-format files, one a language. Out: both, by language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Parallel:
    """The same in several languages; `answers[i]` is the entry of question i, `topics[e]` the topic of entry e, both int64."""

    entries: Mapping[str, list[str]]
    questions: Mapping[str, list[str]]
    answers: NDArray[np.int64]
    topics: NDArray[np.int64]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.entries)

    @property
    def size(self) -> int:
        return len(self.topics)

    def sampled(self, count: int | None, seed: int) -> Parallel:
        """With `count` questions at most, drawn at random; all entries stay."""
        if count is None or count >= len(self.answers):
            return self
        chosen = np.sort(np.random.default_rng(seed).permutation(len(self.answers))[:count])
        questions = {code: [texts[i] for i in chosen] for code, texts in self.questions.items()}
        return replace(self, questions=questions, answers=self.answers[chosen])


def read_squad(files: Mapping[str, Path]) -> Parallel:
    """Files by language, equal in all but the language. Raises FileNotFoundError, or ValueError when they differ in shape."""
    entries: dict[str, list[str]] = {}
    questions: dict[str, list[str]] = {}
    shapes = []
    for code, file in files.items():
        articles = json.loads(file.read_text("utf-8"))["data"]
        paragraphs = [(topic, paragraph) for topic, article in enumerate(articles) for paragraph in article["paragraphs"]]
        entries[code] = [paragraph["context"] for _, paragraph in paragraphs]
        questions[code] = [asked["question"] for _, paragraph in paragraphs for asked in paragraph["qas"]]
        answers = [entry for entry, (_, paragraph) in enumerate(paragraphs) for _ in paragraph["qas"]]
        shapes.append((answers, [topic for topic, _ in paragraphs]))
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("the files are not translations of one another")
    return Parallel(entries, questions, np.array(shapes[0][0]), np.array(shapes[0][1]))
