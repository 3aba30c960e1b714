"""Which lab's spelling rule applies to a family.

Each rule takes the words of a name (family word first) with its snapshot, and leaves the marketing name's words and the
snapshot that is no part of it.
"""

from collections.abc import Callable, Mapping

from aimstats.identity import chinese_labs, closed_labs, media_labs, open_labs
from aimstats.identity.words import Words

RULES: Mapping[str, Callable[[Words], None]] = {
    "claude": closed_labs.claude,
    "gemini": closed_labs.gemini,
    "gpt": closed_labs.gpt,
    "chatgpt": closed_labs.gpt,
    "o1": closed_labs.reasoning_series,
    "nova": closed_labs.nova,
    "titan": closed_labs.titan,
    "jamba": closed_labs.jamba,
    **dict.fromkeys(("embed", "rerank", "command", "cohere", "c4ai", "aya"), closed_labs.cohere),
    "gemma": open_labs.gemma,
    "llama": open_labs.llama,
    "llamaguard": open_labs.llama,
    "phi": open_labs.phi,
    "nemotron": open_labs.nemotron,
    "ernie": open_labs.ernie,
    "hermes": open_labs.hermes,
    "cogito": open_labs.cogito,
    "reka": open_labs.reka,
    "palmyra": open_labs.palmyra,
    **dict.fromkeys(
        ["mistral", "mixtral", "codestral", "devstral", "magistral", "ministral", "pixtral", "voxtral", "open"], open_labs.mistral
    ),
    "qwen": chinese_labs.qwen,
    "qwq": chinese_labs.qwq,
    "deepseek": chinese_labs.deepseek,
    "kimi": chinese_labs.kimi,
    "moonshot": chinese_labs.kimi,
    "minimax": chinese_labs.minimax,
    **dict.fromkeys(("seed", "doubao", "dola"), chinese_labs.seed),
    "dalle": media_labs.dalle,
    "flux": media_labs.flux,
    **dict.fromkeys(("imagen", "veo", "lyria"), media_labs.google_media),
    **dict.fromkeys(("kling", "seedream", "seedance", "hailuo"), media_labs.numbered_media),
    **dict.fromkeys(("ideogram", "recraft", "recraftv", "pixverse", "pika", "reve"), media_labs.lettered_media),
    **dict.fromkeys(("stable", "sd", "sdxl", "stablediffusion", "stablediffusionxl"), media_labs.stable_diffusion),
}
