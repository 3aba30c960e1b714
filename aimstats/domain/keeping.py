"""For how long what was found is told."""

from datetime import timedelta
from typing import Final

CHANGES_SPAN: Final = timedelta(days=1096)
"""So far back from the last publication `/changes` goes: three years (api.md, Changes), as the guard of migration 0008 has it."""
