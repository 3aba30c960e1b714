"""Near names for a name that no model has: a trigram index, then RapidFuzz on the few that share most."""

from collections import Counter
from collections.abc import Iterable
from heapq import nlargest

from rapidfuzz.fuzz import ratio

from aimstats.identity.tokens import clean

_POOL = 24
_ENOUGH = 600
"""So many aliases of the rarest trigrams are looked at, and then no more: half the time of all (2026-11)."""


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}


def _plain(text: str) -> str:
    return clean(text).replace("_", "-").replace(" ", "-").rsplit("/", 1)[-1]


class CandidateIndex:
    """Aliases of known models, searched by likeness.

    Memory is about 1 kB an alias. `search` touches only aliases that share rare trigrams with the text.
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._aliases: list[tuple[str, str]] = []
        self._index: dict[str, list[int]] = {}
        seen = set()
        for alias, model in known:
            entry = (_plain(alias), model)
            if entry in seen or not entry[0]:
                continue
            seen.add(entry)
            number = len(self._aliases)
            self._aliases.append(entry)
            for gram in _trigrams(entry[0]):
                self._index.setdefault(gram, []).append(number)

    def search(self, text: str, limit: int = 5) -> list[tuple[str, float]]:
        """The models with the likest aliases as (model id, score 0 to 1), best first, each model once."""
        wanted = _plain(text)
        if not wanted:
            return []
        lists = sorted((self._index[gram] for gram in _trigrams(wanted) if gram in self._index), key=len)
        shared: Counter[int] = Counter()
        seen = 0
        for numbers in lists:
            seen += len(numbers)
            if seen > _ENOUGH and len(shared) >= _POOL:
                break
            shared.update(numbers)
        best: dict[str, float] = {}
        for number in nlargest(_POOL, shared, key=shared.__getitem__):
            alias, model = self._aliases[number]
            score = round(ratio(wanted, alias) / 100, 4)
            if score > best.get(model, 0.0):
                best[model] = score
        return nlargest(limit, best.items(), key=lambda pair: (pair[1], pair[0]))
