"""Cutting vendors, hosts and remarks off the words of a name, down to its family word."""

import re

from aimstats.identity.developers import BY_MARK, squash
from aimstats.identity.families import FAMILIES
from aimstats.identity.prefixes import Unwrapped
from aimstats.identity.tokens import Token, family_of
from aimstats.identity.vocabulary import is_version
from aimstats.identity.wordset import word_set

_HOST_WORDS = word_set(
    """
    azure databricks parasail chutes workers fireworks duo venice aws bedrock vertex groq together gmi coding api cerebras
    sambanova olafangensan preview the
    """
)

# Mistral's pages leave their own name out before these.
SAID_WITHOUT_NAME = frozenset({"ocr", "moderation", "embed", "saba", "document"})

_COLON = re.compile(r"([^:(]{2,40}): +(\S.*)")


def strip_vendor(text: str, found: Unwrapped) -> str:
    match = _COLON.fullmatch(text)
    if not match:
        return text
    vendor = BY_MARK.get(squash(match[1]))
    if vendor:
        found.developer = vendor
    found.steps.append(f"vendor {match[1]}:")
    return match[2]


def bracket_choice(tokens: list[Token]) -> list[Token]:
    """Agentic Chat (GPT-5.4 Mini), Nano Banana (Gemini 2.5 Flash Image): the family stands only in the brackets."""
    if not any(token.bracketed for token in tokens):
        return tokens
    outside = any(family_of(token.text) for token in tokens if not token.bracketed)
    if not outside and any(token.bracketed and token.text in FAMILIES for token in tokens):
        return [token._replace(bracketed=False) for token in tokens if token.bracketed]
    return tokens


def drop_vendors(tokens: list[Token], found: Unwrapped) -> tuple[list[Token], str]:
    """Cut vendor and host words that stand before a family word; gives the tokens and the family."""
    if len(tokens) > 2 and tokens[0].text + tokens[1].text in BY_MARK and family_of(tokens[2].text):
        tokens = tokens[2:]
    for index, token in enumerate(tokens[:5]):
        family = family_of(token.text)
        following = family_of(tokens[index + 1].text) if index + 1 < len(tokens) else ""
        same = following and FAMILIES[following] == FAMILIES.get(family) and family not in ("nous", "tongyi", "nv")
        if family and same and family != following and token.text in BY_MARK:
            continue
        if family:
            if index:
                found.steps.append("vendor words " + " ".join(t.text for t in tokens[:index]))
                if any(t.text == "early" for t in tokens[:index]):
                    return [*tokens[index:], Token("early", "-", False)], family
                vendor = BY_MARK.get(tokens[0].text)
                if vendor == FAMILIES[family]:
                    found.developer = found.developer or vendor
            return tokens[index:], family
        if not _may_stand_before(token.text, following, index):
            break
    first = tokens[0].text if tokens else ""
    if first[:1] in "vr" and is_version(first) and found.developer == "deepseek":
        return [Token("deepseek", "", False), *tokens], "deepseek"
    if first[:1] in ("m", "k") and is_version(first) and found.developer in ("minimax", "moonshot"):
        family = {"minimax": "minimax", "moonshot": "kimi"}[found.developer]
        return [Token(family, "", False), *tokens], family
    if first in SAID_WITHOUT_NAME and found.developer == "mistral":
        return [Token("mistral", "", False), *tokens], "mistral"
    if short := re.fullmatch(r"l3(?:\.?(\d))?", first):
        return [Token(f"l3.{short[1]}" if short[1] else "l3", "", False), *tokens[1:]], "llama"
    return tokens, ""


def _may_stand_before(word: str, following: str, index: int) -> bool:
    """Whether a word before the family is a vendor's, a host's or a stage's, and no part of another name (Cerebras-GPT)."""
    if word == "open":
        return following in ("mistral", "mixtral", "codestral")
    if word == "textgeneration":
        return index > 0
    if word == "cerebras" and following == "gpt":
        return False
    if word in ("chat", "agentic", "labs", "ai", "org", "z"):
        return index > 0 or word in ("agentic", "z", "labs")
    return word in _HOST_WORDS or word == "early" or word.replace(".", "") in BY_MARK
