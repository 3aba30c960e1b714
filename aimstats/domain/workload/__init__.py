"""What a workload costs: the workload, the tariff of an offer, and the receipt; the only place that multiplies a price."""

from aimstats.domain.workload.asked import Workload, WorkloadError, read_quantity, read_share, workload_of
from aimstats.domain.workload.bills import Bill, Charge, Refusal, bill_of
from aimstats.domain.workload.crossovers import ALONG, Crossing, crossings
from aimstats.domain.workload.presets import PRESETS, Preset
from aimstats.domain.workload.receipts import DisputedTotal, Line, Receipt, receipt_of
from aimstats.domain.workload.tariffs import Mark, Rate, Schedule, Tariff, tariff_of

__all__ = [
    "ALONG",
    "PRESETS",
    "Bill",
    "Charge",
    "Crossing",
    "DisputedTotal",
    "Line",
    "Mark",
    "Preset",
    "Rate",
    "Receipt",
    "Refusal",
    "Schedule",
    "Tariff",
    "Workload",
    "WorkloadError",
    "bill_of",
    "crossings",
    "read_quantity",
    "read_share",
    "receipt_of",
    "tariff_of",
    "workload_of",
]
