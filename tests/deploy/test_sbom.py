"""The bill of materials names what the image installs, and what may be installed of it."""

from __future__ import annotations

import re

from aimstats.config.values import PROJECT_ROOT
from deploy.sbom import bill


def test_every_pinned_package_is_named_with_its_digests() -> None:
    found = bill("v1")
    pinned = {
        line.split(" ")[0].partition(";")[0]
        for name in ("requirements.txt", "requirements-nodeps.txt")
        for line in (PROJECT_ROOT / name).read_text(encoding="utf-8").splitlines()
        if re.match(r"[A-Za-z0-9]", line)
    }
    assert {f"{one['name']}=={one['version']}" for one in found["components"]} == {
        line.partition(";")[0].strip() for line in pinned
    }
    assert all(one["hashes"] for one in found["components"])
    assert (found["bomFormat"], found["metadata"]["component"]["version"]) == ("CycloneDX", "v1")
    licensed = [one for one in found["components"] if "licenses" in one]
    assert len(licensed) > len(found["components"]) * 0.8
