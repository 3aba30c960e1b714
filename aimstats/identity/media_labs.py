"""How image, video and music models are spelled."""

import re

from aimstats.identity.vocabulary import is_number
from aimstats.identity.words import Words, version_first


def dalle(name: Words) -> None:
    """DALL-E is written with a hyphen."""
    name.words = ["dall", "e", *name.words[1:]]


def flux(name: Words) -> None:
    """FLUX.1 [dev] and FLUX1.1 [pro]: version after the family, edition last."""
    words = version_first([word.lstrip("v") if re.fullmatch(r"v\d.*", word) else word for word in name.words])
    if len(words) > 1 and not is_number(words[1]):
        words = ["flux", "1", *words[1:]]
    if words[1:2] == ["1.0"]:
        words[1] = "1"
    name.words = words


def numbered_media(name: Words) -> None:
    """Kling, Seedream and Seedance are written with and without v and .0: here without."""
    name.words = [_whole(word.removeprefix("v")) if re.fullmatch(r"v?\d\d?(?:\.\d)?", word) else word for word in name.words]


def lettered_media(name: Words) -> None:
    """Ideogram, Recraft and others: v2, also where a page writes 2.0."""
    words = [f"v{_whole(word)}" if re.fullmatch(r"\d(?:\.\d)?", word) else word for word in name.words]
    name.words = ["recraft", *words[1:]] if words[0] == "recraftv" else words


def _whole(number: str) -> str:
    return number.removesuffix(".0")


def stable_diffusion(name: Words) -> None:
    """SD3.5, stable-diffusion-v35 and stablediffusionxl in Stability's long form."""
    words = name.words
    if words[0] in ("sd", "sdxl", "stablediffusion", "stablediffusionxl"):
        words = ["stable", "diffusion", *(["xl"] if words[0].endswith("xl") else []), *words[1:]]
    name.words = [re.sub(r"^v?(\d)\.?(\d)$", r"\1.\2", word) if words[:2] == ["stable", "diffusion"] else word for word in words]


def google_media(name: Words) -> None:
    """Imagen, Veo and Lyria: version after the family, no `.0`, no `generate`."""
    words = [word for word in name.words if word not in ("generate", "generation")]
    words = version_first(words)
    name.words = [word.removesuffix(".0") for word in words]
