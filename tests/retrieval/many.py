"""Small fiches by the dozen, and an embedder that counts: all that a child to be killed needs to import."""

from __future__ import annotations

from retrieval import FicheRecord, FicheText
from retrieval.hashing import HashEmbedder


class Counting(HashEmbedder):
    encoded = 0

    def encode_passages(self, texts):
        self.encoded += len(texts)
        return super().encode_passages(texts)


def many(count, edition=0):
    """Fiches of three pieces each: whole, summary (embedded as a question) and results, which name the edition."""
    return [
        FicheRecord(f"fiche-{i:04}", "en", {}, (FicheText("en", f"Practice {i}", f"What town {i} did.", {"results": f"Edition {edition}."}),))
        for i in range(count)
    ]  # fmt: skip
