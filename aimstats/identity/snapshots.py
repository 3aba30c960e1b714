"""Cutting dates, numbered releases and stages out of a name's words."""

from aimstats.identity.dates import MONTHS, STAGES, date_at, is_stage
from aimstats.identity.families import FAMILIES
from aimstats.identity.tokens import Token
from aimstats.identity.vocabulary import is_size


def take_snapshot(tokens: list[Token], family: str) -> tuple[list[Token], str]:
    """Cut dates, numbered releases and stages out of the tokens."""
    kept: list[Token] = []
    parts: list[str] = []
    texts = [token.text for token in tokens]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text.isalpha() and token.text not in STAGES and token.text not in MONTHS:
            kept.append(token)
            index += 1
            continue
        length, date = (0, "")
        if index and not (token.separator == ":" and texts[index - 1] == "thinking"):
            length, date = date_at(texts[index : index + 3])
        if length and token.bracketed and date[:1].isalpha():
            index += length
            continue
        if length and not (date.startswith("00") and _numbered_is_name(texts, family)):
            if date not in parts:
                parts.append(date)
            index += length
            continue
        if is_stage(token.text) and (kept or len(tokens) > 1) and not _stage_is_name(token, kept, family):
            stage = "exp" if token.text == "experimental" and token.bracketed else token.text
            if stage not in parts:
                parts.append(stage)
            index += 1
            continue
        kept.append(token)
        index += 1
    if "latest" in parts and any(part[:1].isdigit() for part in parts):
        parts.remove("latest")
    return kept, "-".join(parts)


def _numbered_is_name(texts: list[str], family: str) -> bool:
    """Whether 001 and the like tell models apart: embeddings and the GPT-3 series."""
    return bool({"embedding", "davinci", "babbage", "ada", "curie", "cushman"} & set(texts)) or family in (
        "multimodalembedding",
        "palmyra",
    )


def _stage_is_name(token: Token, kept: list[Token], family: str) -> bool:
    """Alpha and beta after a size are weights of their own; a bare family with a stage is one name (grok-beta, kimi-latest)."""
    if token.text in ("alpha", "beta") and kept and is_size(kept[-1].text):
        return True
    if family in ("stable", "gen", "gen3"):
        return True
    bare = len(kept) == 1 and kept[0].text in FAMILIES and kept[0].text.isalpha() and kept[0].text != "gemini"
    return bare and token.text not in ("latest", "early") and token.text.isalpha()
