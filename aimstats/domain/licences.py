"""Licences by their SPDX ids, however a source spells them."""

from __future__ import annotations

import re
from typing import Final

SPDX: Final = (
    "AFL-3.0", "AGPL-3.0-only", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0",
    "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0",
    "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
    "CC0-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ECL-2.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2",
    "GPL-2.0-only", "GPL-3.0-only", "ISC", "LGPL-2.1-only", "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "NCSA",
    "ODbL-1.0", "OFL-1.1", "OpenMDW-1.0", "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib",
)  # fmt: skip
"""Those of SPDX's list that hubs of weights let their users choose, and what models are under beside them."""

_FILLING: Final = re.compile(r"\b(?:the|licen[cs]e[ds]?|version|under|public)\b|[^a-z0-9]+")
_VERSION: Final = re.compile(r"\bv(?:ersion)?\s?(?=\d)")


def _key(text: str) -> str:
    return _FILLING.sub("", _VERSION.sub("", text.lower()))


_BY_KEY: Final = (
    {_key(id_): id_ for id_ in SPDX} | {_key(id_.removesuffix("-only")): id_ for id_ in SPDX} | {"apache2": "Apache-2.0"}
)


def licence(stated: str) -> str:
    """The SPDX id of a licence; what is none of SPDX's stays as the source words it.

    >>> licence("mit"), licence("MIT License"), licence("Apache 2.0"), licence("Apache License, Version 2.0")
    ('MIT', 'MIT', 'Apache-2.0', 'Apache-2.0')
    >>> licence("CC BY-NC 4.0"), licence("gpl-3.0"), licence("Modified MIT"), licence("Llama 3.1 Community License")
    ('CC-BY-NC-4.0', 'GPL-3.0-only', 'Modified MIT', 'Llama 3.1 Community License')
    """
    return _BY_KEY.get(_key(stated), stated)
