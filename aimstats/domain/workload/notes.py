"""What a line says of a charge that is not plainly the stated price; each is one sentence under one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aimstats.domain.texts import N_

PLAN_AS_STANDARD: Final = "plan_as_standard"
CACHE_AS_INPUT: Final = "cache_as_input"
HOUR_AS_FIVE_MINUTES: Final = "hour_as_five_minutes"
THINKING_COVERS_OUTPUT: Final = "thinking_covers_output"
STORAGE_NOT_CHARGED: Final = "storage_not_charged"
ALLOWANCE_NOT_DEDUCTED: Final = "allowance_not_deducted"
CHEAPER_ALTERNATIVE: Final = "cheaper_alternative"
CONDITION_ASSUMED: Final = "condition_assumed"
TOKENS_OF_SECONDS: Final = "tokens_of_seconds"
FREE_TIER: Final = "free_tier"
PROMOTION: Final = "promotion"

NOTES: Final[Mapping[str, str]] = {
    PLAN_AS_STANDARD: N_("the plan is not sold here: charged as on the standard plan"),
    CACHE_AS_INPUT: N_("no price of its own is stated: charged as input"),
    HOUR_AS_FIVE_MINUTES: N_("no price for an hour is stated: charged as for five minutes"),
    THINKING_COVERS_OUTPUT: N_("the seller charges all output of a request that reasons at this price"),
    STORAGE_NOT_CHARGED: N_("storing the cache costs more by the hour, which is not counted"),
    ALLOWANCE_NOT_DEDUCTED: N_("a free allowance is not deducted"),
    CHEAPER_ALTERNATIVE: N_("the cheaper of two ways in which it may be billed"),
    CONDITION_ASSUMED: N_("the only price that is stated, for a condition that the workload does not name"),
    TOKENS_OF_SECONDS: N_("seconds in tokens, as many as the seller states"),
    FREE_TIER: N_("on the free tier, within its limits of use"),
    PROMOTION: N_("a promotion"),
}
STARRED: Final = frozenset({PLAN_AS_STANDARD, CACHE_AS_INPUT, HOUR_AS_FIVE_MINUTES, CONDITION_ASSUMED})
"""Notes of charges that rest on a convention of ours and not on a statement of the seller."""


def sentence(notes: tuple[str, ...]) -> str | None:
    """The notes as one text; None where there is none."""
    return "; ".join(NOTES[note] for note in dict.fromkeys(notes)) or None
