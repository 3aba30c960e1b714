"""What hosts wrap around a model's name: hosts, organisations, regions, commitments, sizes and API versions."""

import re
from dataclasses import dataclass, field

from aimstats.identity.developers import BY_MARK, squash
from aimstats.identity.families import FAMILIES
from aimstats.identity.wordset import word_set

# Places: short codes of cloud regions and cross-region profiles.
SHORT_REGIONS = word_set("us eu apac global regional au jp ca sa me af us-gov uk in cn")
REGION = re.compile(r"(?:us|eu|ap|ca|sa|me|af|il|mx|cn)-(?:gov-)?(?:north|south|east|west|central|northeast|southeast)+-\d")
_COMMITMENT = re.compile(r"\d+-month-commitment")
_SIZE = re.compile(r"(?:\d+|max)-x-(?:\d+|max)|(?:\d+|max)-steps")
_QUALITIES = frozenset({"standard", "hd", "low", "medium", "high"})
_DEPLOYMENTS = {"global-standard": "global", "data-zone": "us", "datazone": "us", "*": ""}

# Segments that only say where or how a model is served. Labs that also host are found by BY_MARK first.
WRAPPERS = word_set("""
    accounts fireworks models workers-ai @cf @hf openrouter azure azure_ai azure_openai bedrock bedrock_converse
    bedrock_mantle vertex_ai vertex gemini vercel_ai_gateway vercel github_copilot github groq together together_ai
    togetherai togethercomputer deepinfra novita nebius nscale wandb chutes chutesai parasail fireworks_ai fireworks-ai
    sambanova cerebras replicate oci watsonx lambda_ai gmi hyperbolic ovhcloud llamagate gradient_ai aiml anyscale
    volcengine fal_ai fal-ai baseten publicai featherless_ai featherless-ai featherless friendliai friendli cloudflare
    sagemaker lemonade heroku nvidia_nim codestral text-completion-codestral text-completion-openai ollama lm_studio
    lmstudio dashscope crusoe v0 siliconflow huggingface huggingface.co router clarifai main completion chat-completion
    tts speech embedding public dev custom thebloke unsloth neuralmagic redhatai nm-testing mlx-community
    lmstudio-community bartowski intel amd infermatic cortecs meganova meganova-ai hpc-ai modelscope kilo zenmux routers
    poetools empower poe digitalocean gradient scaleway stackit invoke meta_llama amazon-nova preview chatgpt
    text-to-image sap-ai-core abacus parallel lepton aws snowflake databricks
    """)
_HOST_WORDS = frozenset(
    [
        "azure",
        "databricks",
        "parasail",
        "chutes",
        "workers",
        "fireworks",
        "duo",
        "venice",
        "aws",
        "bedrock",
        "vertex",
        "groq",
        "together",
        "gmi",
        "coding",
        "hf",
        "api",
    ]
)
# OpenAI's fine-tunes: ft:<base>:<organisation>:<name>:<id>; all but the base is their owner's.
_FINE_TUNED = re.compile(r"^(?:[\w.-]{1,40}/)?ft:([^:/]{1,200})(?::.*)?$")
_DOTTED = re.compile(
    r"(?:(?P<region>us-gov|us|eu|apac|global|regional|au|jp|ca|sa|me|af)\.)?"
    r"(?P<vendor>[a-z][a-z0-9]+)\.(?P<rest>(?!ai\b)[a-z].*)"
)
_API_VERSION = re.compile(r"(?:[-.]?v(?P<major>\d)|(?<=b)-\d)?:(?P<minor>\d)(?P<context>:\d+k)?(?=$|[ (])")
_LETTERS = re.compile(r"[a-z]*")
_SPLIT_FAMILIES = ("flux", "imagen", "ideogram", "recraft", "bria", "seedream", "dreamina")
_TRAILING_V1 = re.compile(r"(?<=[a-z0-9])-v1$")


@dataclass(slots=True)
class Unwrapped:
    """A name without its wrappers, and what they said."""

    text: str
    org: str = ""
    developer: str | None = None
    region: str = ""
    plan: str = ""
    words: list[str] = field(default_factory=list)
    kind: str = "model"
    steps: list[str] = field(default_factory=list)


def is_commitment(word: str) -> bool:
    """Whether a segment buys capacity for months: 1-month-commitment."""
    return _COMMITMENT.fullmatch(word) is not None


def _segment(part: str, found: Unwrapped) -> bool:
    """Whether a leading segment was understood as a place, a plan or a wrapper."""
    if REGION.fullmatch(part) or part in SHORT_REGIONS:
        found.region = part
    elif part in _DEPLOYMENTS:
        found.region = _DEPLOYMENTS[part]
    elif is_commitment(part):
        found.plan = "provisioned"
        found.words.append(part)
    elif _SIZE.fullmatch(part):
        found.kind = "other"
    elif part == "tee":
        found.words.append("tee")
    elif part == "preset":
        found.kind = "router"
    elif part in WRAPPERS:
        pass
    else:
        return False
    found.steps.append(f"prefix {part}/")
    return True


def _organisation(part: str, found: Unwrapped) -> None:
    part = part.removeprefix("text-completion-")
    lab = BY_MARK.get(squash(part))
    if lab:
        found.developer = lab
    else:
        found.org = part.replace(" ", "-")
    found.steps.append(f"organisation {part}" + (f" is {lab}" if lab else ""))


def _multi_segment(parts: list[str]) -> bool:
    """Image and video hosts spell one model over several segments: flux/dev, imagen4/preview/fast, recraft/v3."""
    if any(_LETTERS.match(part)[0] in FAMILIES for part in parts[1:]):  # type: ignore[index]  # it matches at least ""
        return False
    return parts[0].startswith(_SPLIT_FAMILIES) or re.fullmatch(r"v\d[\d.]*[a-z]*", parts[-1]) is not None


def _split_path(text: str, found: Unwrapped) -> str:
    parts = [part for part in text.split("/") if part]
    while len(parts) > 1:
        head = parts[0]
        if _SIZE.fullmatch(parts[1]) and head in _QUALITIES:
            found.kind = "other"
            parts.pop(0)
        elif _segment(head, found):
            parts.pop(0)
        elif _multi_segment(parts):
            found.steps.append("path joined")
            return "-".join(part for part in parts if part not in ("text-to-image", "text-to-video"))
        else:
            _organisation(head, found)
            parts.pop(0)
    return parts[0] if parts else ""


def unwrap_path(text: str) -> Unwrapped:
    """Take hosts, places and organisations off an id (lower case).

    >>> found = unwrap_path("bedrock/us-gov-east-1/anthropic.claude-3-haiku-20240307-v1:0")
    >>> found.text, found.developer, found.region
    ('claude-3-haiku-20240307', 'anthropic', 'us-gov-east-1')
    """
    found = Unwrapped(text)
    if text.startswith("http"):
        text = text.split("://", 1)[-1]
    if text.startswith("~"):
        found.kind = "router"
        found.steps.append("~ marks a floating alias")
        text = text[1:]
    if "ft:" in text:
        text = _FINE_TUNED.sub(r"ft:\1", text)
    for prefix, word in (("hf:", ""), ("ft:", "fine-tune"), ("ft-", "fine-tune"), ("e2ee-", "e2ee"), ("tee-", "tee")):
        if text.startswith(prefix):
            text = text[len(prefix) :]
            found.steps.append(f"prefix {prefix}")
            if word:
                found.words.append(word)
                text = text.removesuffix("-p")
    if "/" in text:
        text = _split_path(text, found)
    dotted = _DOTTED.fullmatch(text) if "." in text else None
    if dotted and (lab := BY_MARK.get(squash(dotted["vendor"]))):
        found.developer = lab
        found.region = dotted["region"] or found.region
        rest = dotted["rest"]
        text = f"{lab}-{rest}" if re.match(r"[vr]\d", rest) else rest
        found.steps.append(f"vendor {dotted['vendor']}.")
    if "--" in text:
        vendor, _, rest = text.partition("--")
        if lab := BY_MARK.get(squash(vendor)):
            found.developer, text = lab, rest
            found.steps.append(f"vendor {vendor}--")
    found.text = strip_api_version(text, found) if ":" in text or (dotted and text.endswith("-v1")) else text
    return found


def _own_version(head: str, major: str, developer: str | None) -> bool:
    """Whether `-v<major>` after this name is the model's own version, not Bedrock's."""
    if head in ("claude", "claude-instant") or head.startswith(("embed", "rerank", "titan-embed", "titan-image")):
        return True
    return major != "1" and developer != "anthropic" and not head.startswith("claude")


def strip_api_version(text: str, found: Unwrapped) -> str:
    """Take off Bedrock's API version (`-v1:0`), keeping the ones that are a model's own (`v2:1`, `v0:2`, embeddings).

    >>> strip_api_version("mistral-7b-instruct-v0:2", Unwrapped(""))
    'mistral-7b-instruct-v0.2'
    """
    version = _API_VERSION.search(text)
    if version:
        head, tail = text[: version.start()], text[version.end() :]
        major, minor = version["major"], version["minor"]
        if version["context"]:
            found.words.append(version["context"][1:])
        if minor != "0":
            return f"{head}-v{major}.{minor}{tail}" if major else text
        if major and _own_version(head, major, found.developer):
            return f"{head}-v{major}{tail}"
        found.steps.append(f"API version {version.group()}")
        return head + tail
    if found.developer in ("anthropic", "amazon", "meta") and not _own_version(text.removesuffix("-v1"), "1", found.developer):
        return _TRAILING_V1.sub("", text)
    return text
