"""From readings of one name to the answer: variants joined, exceptions applied, confidence and steps stated."""

from aimstats.identity.dates import STAGES
from aimstats.identity.exceptions import RENAMED
from aimstats.identity.names import Resolution
from aimstats.identity.prefixes import is_commitment
from aimstats.identity.reading import Reading
from aimstats.identity.vocabulary import EFFORTS, PLANS

# Variants of which a name has one: the id's stands where the display name states another.
_ONE_OF = ("thinking-", "dspy-")


def conclude(model: Reading, first: Reading, second: Reading | None, method: str, confidence: float) -> Resolution:
    """The answer: `model` names it, `first` and `second` (the display name) say snapshot and variants."""
    variants = _joined_variants(first, second)
    if "thinking" in model.words:  # an edition of its own, which a display name says in brackets
        variants.discard("thinking")
    region = first.region or (second.region if second else "")
    plan = first.plan or (second.plan if second else "")
    developer = model.developer or (second.developer if second else None) or "unknown"
    key = f"{developer}/{model.slug}"
    steps = list(first.steps)
    if method == "weights":
        steps.append(f"the published weights are {model.raw}")
    if second and method == "name":
        steps.append(f"the display name decides: {second.raw}")
    snapshot = first.snapshot or (second.snapshot if second else "")
    if second and _more_exact(second.snapshot, snapshot):
        snapshot = second.snapshot
    spelled = (key, f"{key}:{snapshot}", *(f"{key}+{word}" for word in variants))
    renamed = next((RENAMED[full] for full in spelled if full in RENAMED), None)
    if renamed:
        key, method = renamed.model, "exception"
        developer = key.partition("/")[0]
        steps.append(f"exception: {renamed.why}, since {renamed.since}")
    if developer == "unknown":
        confidence = min(confidence, 0.5)
    elif not model.family:
        confidence = min(confidence, 0.8)
    return Resolution(
        kind="model",
        model=key,
        developer=developer,
        snapshot=snapshot,
        variant="+".join(sorted(variants | {region} if region else variants)),
        region=region,
        plan=plan,
        offer_variant="+".join(sorted(word for word in variants if word not in PLANS and not is_commitment(word))),
        confidence=confidence,
        method=method,
        steps=tuple(steps),
    )


def _more_exact(shown: str, stated: str) -> bool:
    """Whether the display name dates what the id only calls latest or a stage (preview, with a name of preview-06-05)."""
    dated = any(c.isdigit() for c in shown)
    return dated and (stated == "latest" or (stated in STAGES and shown.startswith(f"{stated}-")))


def _joined_variants(first: Reading, second: Reading | None) -> set[str]:
    """The variants of id and display name; of efforts, budgets and prompt programs a name has one, and the id's stands."""
    variants = set(first.variants)
    extra = set(second.variants) if second else set()
    if variants & EFFORTS:
        extra -= EFFORTS
    for kind in _ONE_OF:
        if any(word.startswith(kind) for word in variants):
            extra = {word for word in extra if not word.startswith(kind)}
    variants |= extra
    if any(word.startswith("thinking-") for word in variants):
        variants.discard("thinking")
    return variants
