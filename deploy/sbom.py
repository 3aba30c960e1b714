"""`python -m deploy.sbom`: what the image holds of other people's packages, as a CycloneDX 1.5 bill of materials on stdout."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).parents[1]
FILES: Final = ("requirements.txt", "requirements-nodeps.txt")
"""What the Dockerfile installs."""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\n]*(?:\n[ \t]+--hash=[^\n]+)*)", re.MULTILINE)


def components() -> list[dict[str, Any]]:
    """Each pinned package with the digests of the files that may be installed, and its licence where it is installed here."""
    found = []
    for name in FILES:
        for package, version, rest in _PINNED.findall((PROJECT / name).read_text(encoding="utf-8")):
            component: dict[str, Any] = {
                "type": "library", "name": package, "version": version, "purl": f"pkg:pypi/{package.lower()}@{version}",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)],
            }  # fmt: skip
            if licence := licence_of(package):
                component["licenses"] = [{"license": {"name": licence}}]
            found.append(component)
    return sorted(found, key=lambda component: str(component["name"]))


def licence_of(package: str) -> str:
    """What the installed package says of its licence in a few words; '' where it is not installed or says nothing.

    >>> licence_of("no-such-package")
    ''
    """
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return ""
    classified = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    expression, stated = (" ".join(said.get_all(key) or ()) for key in ("License-Expression", "License"))
    return expression or ", ".join(classified) or stated.strip().partition("\n")[0]


def bill(release: str) -> dict[str, Any]:
    """The whole document."""
    about = {"component": {"type": "application", "name": "aimstats", "version": release}}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": about, "components": components()}


if __name__ == "__main__":
    json.dump(bill(sys.argv[1] if len(sys.argv) > 1 else "development"), sys.stdout, indent=1)
    print()
