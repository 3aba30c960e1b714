"""What a workload costs at the catalogue's offers: `cost_page(catalogue, question)` is rows with receipts, cheapest first."""

from aimstats.catalogue.costs.answers import CostPage, all_costs, cost_page, printed_page
from aimstats.catalogue.costs.bases import following
from aimstats.catalogue.costs.crossovers import Crossovers, crossovers
from aimstats.catalogue.costs.questions import COSTS, PARAMETERS, WORKLOAD, CostQuestion, ask, question_of
from aimstats.catalogue.costs.rows import CostRow

__all__ = [
    "COSTS",
    "PARAMETERS",
    "WORKLOAD",
    "CostPage",
    "CostQuestion",
    "CostRow",
    "Crossovers",
    "all_costs",
    "ask",
    "cost_page",
    "crossovers",
    "following",
    "printed_page",
    "question_of",
]
