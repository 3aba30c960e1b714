"""The words of a name on their way to a canonical slug, and what lab rules have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aimstats.identity.tokens import family_of
from aimstats.identity.vocabulary import is_active_size, is_number, is_size, is_version
from aimstats.identity.wordset import word_set

# Words that say how weights were tuned.
TUNED = word_set("instruct it chat base pt thinking think captioner")


# Words of labs' own editions. A name with others is a derivative, or an edition that these rules leave as it is written.
PLAIN = word_set("""
    mini nano lite flash pro max plus turbo chat instruct it base thinking vision vl coder code math omni embedding embed
    rerank small medium large next air oss scout maverick opus sonnet haiku fast guard terminus exp speciale audio image
    multimodal nemo moe english multilingual light codex airx ultra micro premier canvas search instant latest preview
    versatile safeguard long flashx reasoning captioner asr realtime tts transcribe live
    """)


def is_plain(words: Iterable[str]) -> bool:
    """Whether a name has only families, versions, sizes and labs' edition words.

    >>> is_plain(["llama", "3.1", "8b", "instruct"]), is_plain(["llama", "3.3", "70b", "electra", "r1"])
    (True, False)
    """
    return all(
        word in PLAIN or family_of(word) or is_version(word) or is_size(word) or is_active_size(word) or word.isdigit()
        for word in words
    )


@dataclass(slots=True)
class Words:
    """The words of a name on their way to a canonical slug."""

    words: list[str]
    snapshot: str = ""
    base_possible: bool = False

    @property
    def sized(self) -> bool:
        return any(is_size(word) for word in self.words)

    def date_codes(self) -> list[str]:
        return re.findall(r"\d{4}-\d\d-\d\d|\d\d-\d\d(?:-\d{4})?|\d{4,8}", self.snapshot)

    def drop_code(self, code: str) -> None:
        """Take a date that is part of the model's name out of the snapshot."""
        self.snapshot = "-".join(part for part in self.snapshot.replace(code, "").split("-") if part)


def version_first(words: list[str], before: str = "") -> list[str]:
    """Family, version, the rest in their order."""
    for index in range(1, len(words)):
        if is_number(words[index]):
            return [words[0], words[index], *words[1:index], *words[index + 1 :]]
    return words


def reorder_size(words: list[str]) -> list[str]:
    """A size in brackets at the end goes before the tuning words: Qwen2 Instruct (72B) is Qwen2 72B Instruct."""
    if len(words) < 3 or not (is_size(words[-1]) or is_active_size(words[-1])):
        return words
    place = len(words) - 1
    while place > 1 and not is_size(words[place]) and is_active_size(words[place]):
        place -= 1
    tail = words[place:]
    while place > 1 and words[place - 1] in ("instruct", "chat", "it"):
        place -= 1
    return [*words[:place], *tail, *words[place : len(words) - len(tail)]]
