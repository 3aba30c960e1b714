"""Which AI model a name means: pure, explainable rules over the names that sources give."""

from aimstats.identity.candidates import CandidateIndex
from aimstats.identity.developers import DEVELOPERS, Developer, developer_name, developer_of
from aimstats.identity.names import Name, Resolution
from aimstats.identity.providers import PROVIDERS, Provider, ProviderMapping, provider_name, provider_of, shop_of
from aimstats.identity.resolver import RULES_VERSION, resolve

__all__ = [
    "DEVELOPERS",
    "PROVIDERS",
    "RULES_VERSION",
    "CandidateIndex",
    "Developer",
    "Name",
    "Provider",
    "ProviderMapping",
    "Resolution",
    "developer_name",
    "developer_of",
    "provider_name",
    "provider_of",
    "resolve",
    "shop_of",
]
