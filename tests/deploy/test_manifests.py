"""Image, compose file and Cloud Run manifests say what the configuration knows, hold no secret, and fit one another."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT
from deploy.grants import ROLES
from tests.forked import HUNG_S

DEPLOY = PROJECT_ROOT / "deploy"
KNOWN = {name for setting in SETTINGS for name in (setting.name, *setting.aliases)}
FILLED = {
    "PROJECT": "project-1", "REGION": "europe-west1", "IMAGE": "europe-docker.example/aimstats:1",
    "CLOUDSQL_INSTANCE": "project-1:europe-west1:db", "PUBLIC_URL": "https://models.example.com",
    "PUBLIC_API_URL": "https://api.example.com", "SCRAPE_CONTACT": "https://example.com/contact",
}  # fmt: skip
OWNER, WEB, JOB = ROLES
USERS = {"aimstats-web": WEB, "aimstats-api": WEB, "aimstats-migrate": OWNER, "aimstats-scrape": JOB}
SERVES = {"aimstats-web": "web", "aimstats-api": "api", "aimstats-migrate": None, "aimstats-scrape": None}


def apply(**environ: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"]}
    command = [str(DEPLOY / "cloudrun" / "apply"), "--print"]
    return subprocess.run(command, env=kept | environ, capture_output=True, text=True, timeout=HUNG_S)


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    """The filled manifests by name."""
    return {document["metadata"]["name"]: document for document in yaml.safe_load_all(apply(**FILLED).stdout) if document}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file's services."""
    services: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return services


def container(manifest: dict[str, Any]) -> dict[str, Any]:
    spec = manifest["spec"]["template"]["spec"]
    spec = spec["template"]["spec"] if manifest["kind"] == "Job" else spec
    [only] = spec["containers"]
    return dict(only)


def plain_environment(manifest: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container(manifest)["env"] if "value" in entry}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def test_every_process_has_its_manifest_with_its_role_and_door(manifests: dict[str, Any]) -> None:
    assert manifests.keys() == USERS.keys()
    for name, manifest in manifests.items():
        environment = plain_environment(manifest)
        assert environment["DATABASE_USER"] == USERS[name]
        assert environment.get("SERVE") == SERVES[name]
        assert container(manifest)["image"] == FILLED["IMAGE"]


def test_a_manifest_sets_only_what_the_configuration_knows(manifests: dict[str, Any]) -> None:
    for manifest in manifests.values():
        names = [entry["name"] for entry in container(manifest)["env"]]
        assert set(names) <= KNOWN
        assert len(names) == len(set(names))


def test_passwords_come_from_the_secret_manager_alone(manifests: dict[str, Any]) -> None:
    secret = {setting.name for setting in SETTINGS if setting.secret}
    for name, manifest in manifests.items():
        for entry in container(manifest)["env"]:
            assert ("valueFrom" in entry) == (entry["name"] in secret)
        [reference] = [entry["valueFrom"]["secretKeyRef"]["name"] for entry in container(manifest)["env"] if "valueFrom" in entry]
        assert reference == f"{USERS[name].replace('_', '-')}-password"


def test_no_gap_is_left_in_a_manifest(manifests: dict[str, Any]) -> None:
    assert [text for text in texts(manifests) if "${" in text] == []
    assert all(isinstance(value, str) for manifest in manifests.values() for value in plain_environment(manifest).values())


def test_one_proxy_is_believed_in_front_of_web_and_api(manifests: dict[str, Any]) -> None:
    assert {plain_environment(manifests[name])["FORWARDED_HOPS"] for name in ("aimstats-web", "aimstats-api")} == {"1"}


def test_probes_ask_whether_the_process_lives_not_whether_the_database_does(manifests: dict[str, Any]) -> None:
    for name in ("aimstats-web", "aimstats-api"):
        probes = container(manifests[name])
        assert {probes[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe")} == {"/healthz"}


@pytest.mark.parametrize("missing", FILLED)
def test_a_release_without_one_of_its_values_is_refused(missing: str) -> None:
    ended = apply(**{name: value for name, value in FILLED.items() if name != missing})
    assert ended.returncode != 0
    assert missing in ended.stderr


@pytest.mark.parametrize("value", ['a"b', "a|b", "a&b", "a\nb", "a\\b"])
def test_a_value_that_would_break_a_manifest_is_refused(value: str) -> None:
    ended = apply(**{**FILLED, "SCRAPE_CONTACT": value})
    assert ended.returncode == 2
    assert "SCRAPE_CONTACT" in ended.stderr


def test_no_password_of_the_compose_file_has_a_default(compose: dict[str, Any]) -> None:
    for service in compose.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name


def test_compose_runs_what_production_runs(compose: dict[str, Any], manifests: dict[str, Any]) -> None:
    assert compose.keys() == {"db", "migrate", "web", "api", "job"}
    users = {name: service["environment"].get("DATABASE_USER") for name, service in compose.items()}
    assert users == {"db": None, "migrate": OWNER, "web": WEB, "api": WEB, "job": JOB}
    assert {name: compose[name]["environment"]["SERVE"] for name in ("web", "api")} == {"web": "web", "api": "api"}
    for ours, theirs in (("migrate", "aimstats-migrate"), ("job", "aimstats-scrape")):
        process = container(manifests[theirs])
        assert compose[ours]["command"] == process["command"] + process.get("args", [])
    assert "command" not in compose["web"]
    assert compose["db"]["image"].rpartition("/")[2].startswith("postgres:18")


def test_compose_sets_only_what_the_configuration_knows(compose: dict[str, Any]) -> None:
    for name in ("migrate", "web", "api", "job"):
        assert set(compose[name]["environment"]) <= KNOWN


def test_traffic_waits_for_the_migration(compose: dict[str, Any]) -> None:
    for name in ("web", "api", "job"):
        assert compose[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_the_image_is_pinned_unprivileged_and_without_the_embedded_server() -> None:
    text = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
    [base] = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", text, re.MULTILINE)
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+\.\d+-slim-\w+", base)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["10001:10001"]
    installed = re.findall(r"pip install [^\n]*", text)
    assert installed
    assert all("--require-hashes" in line and "--only-binary :all:" in line for line in installed)
    assert set(re.findall(r"requirements[\w-]*\.txt", text)) == {"requirements.txt", "requirements-nodeps.txt"}


def test_nothing_enters_the_image_unnamed() -> None:
    lines = (PROJECT_ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    named = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert [name for name in named if not (PROJECT_ROOT / name).exists()] == []
    assert not {".env", ".git", "tests", "requirements-local.txt", "requirements-dev.txt"} & set(named)


@pytest.mark.parametrize("script", ["build-image", "cloudrun/apply", "passwords.sh"])
def test_a_script_can_be_run_and_read(script: str) -> None:
    path: Path = DEPLOY / script
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, timeout=HUNG_S).returncode == 0
