"""Compares our tokeniser with the `tokenizers` package on 100,000 strings in eight languages, as written and bent.

python -m benchmarks.retrieval_tokeniser [COUNT]        needs the extras "semantic" and "test", and Tatoeba in $RRM_CORPORA
"""

from __future__ import annotations

import random
import sys

from retrieval.bundled.embedder import BundledEmbedder
from retrieval.evaluate import corpora_folder
from retrieval.neutral import read_tatoeba
from tests.retrieval.reference import reference_tokenizer
from tests.retrieval.test_tokeniser import HOSTILE, bend, differing


def main(count: int) -> None:
    sentences = [side for pairs in read_tatoeba(corpora_folder() / "tatoeba").values() for pair in pairs for side in pair]
    chance = random.Random(0)
    bent = (bend(" ".join(chance.choices(sentences, k=chance.randint(1, 3))), chance) for _ in range(count - len(sentences)))
    tokeniser, reference = BundledEmbedder().tokeniser, reference_tokenizer()
    wrong = differing(tokeniser, reference, [*HOSTILE, *sentences, *bent])
    print(f"{count + len(HOSTILE)} strings, {len(wrong)} differ")
    for text in wrong[:20]:
        print(repr(text))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
