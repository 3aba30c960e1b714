"""Image, compose file and Cloud Run manifests say what the configuration knows, hold no secret, and fit one another."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT
from aimstats.extensions.rate_limits.storage import POOL_SIZE as COUNTING_POOL
from deploy.grants import ROLES
from tests.forked import HUNG_S

DEPLOY = PROJECT_ROOT / "deploy"
KNOWN = {name for setting in SETTINGS for name in (setting.name, *setting.aliases)}
FILLED = {
    "PROJECT": "project-1", "REGION": "europe-west1", "IMAGE": "europe-docker.example/aimstats:1",
    "CLOUDSQL_INSTANCE": "project-1:europe-west1:db", "PUBLIC_URL": "https://models.example.com",
    "PUBLIC_API_URL": "https://api.example.com", "SCRAPE_CONTACT": "https://example.com/contact",
}  # fmt: skip
OWNER, WEB, API, JOB = ROLES
USERS = {"aimstats-web": WEB, "aimstats-api": API, "aimstats-migrate": OWNER, "aimstats-scrape": JOB}
SERVES = {"aimstats-web": "web", "aimstats-api": "api", "aimstats-migrate": None, "aimstats-scrape": None}


def apply(**environ: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"]}
    command = [str(DEPLOY / "cloudrun" / "apply"), "--print"]
    return subprocess.run(command, env=kept | environ, capture_output=True, text=True, timeout=HUNG_S)


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    """The filled manifests of services and jobs by name."""
    return {one["metadata"]["name"]: one for one in yaml.safe_load_all(apply(**FILLED).stdout) if one and "metadata" in one}


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


def test_every_process_has_an_account_of_its_own(manifests: dict[str, Any]) -> None:
    def account(manifest: dict[str, Any]) -> str:
        spec = manifest["spec"]["template"]["spec"]
        return str((spec["template"]["spec"] if manifest["kind"] == "Job" else spec)["serviceAccountName"])

    assert {name: account(manifest) for name, manifest in manifests.items()} == {
        name: f"{name}@{FILLED['PROJECT']}.iam.gserviceaccount.com" for name in USERS
    }
    assert len(set(USERS.values())) == len(USERS)


def scale(manifest: dict[str, Any], bound: str) -> int:
    return int(manifest["spec"]["template"]["metadata"]["annotations"][f"autoscaling.knative.dev/{bound}"])


def test_an_instance_takes_as_many_requests_as_it_has_threads(manifests: dict[str, Any]) -> None:
    for name, least in (("aimstats-web", 1), ("aimstats-api", 0)):
        environment = plain_environment(manifests[name])
        threads = int(environment["WEB_CONCURRENCY"]) * int(environment["WEB_THREADS"])
        assert manifests[name]["spec"]["template"]["spec"]["containerConcurrency"] == threads
        assert scale(manifests[name], "minScale") == least
        assert manifests[name]["spec"]["template"]["metadata"]["annotations"]["run.googleapis.com/startup-cpu-boost"] == "true"


def test_all_connections_together_are_fewer_than_the_database_gives(manifests: dict[str, Any]) -> None:
    """The database keeps 5 for administrators; a crawl holds its locks on one connection and publishes on another."""
    [most] = re.findall(
        r"--database-flags=max_connections=([0-9]+)", (PROJECT_ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    )
    job_and_migration = 3
    served = sum(
        scale(manifests[name], "maxScale")
        * int(plain_environment(manifests[name])["WEB_CONCURRENCY"])
        * (int(plain_environment(manifests[name])["DATABASE_POOL_SIZE"]) + COUNTING_POOL)
        for name in ("aimstats-web", "aimstats-api")
    )
    assert served + job_and_migration <= int(most) - 5


def test_the_clock_starts_the_crawl_as_an_account_that_can_do_nothing_else(manifests: dict[str, Any]) -> None:
    [flags] = [one for one in yaml.safe_load_all(apply(**FILLED).stdout) if one and "metadata" not in one]
    assert flags["--uri"].endswith(f"/projects/{FILLED['PROJECT']}/locations/{FILLED['REGION']}/jobs/aimstats-scrape:run")
    assert "aimstats-scrape" in manifests
    assert flags["--oauth-service-account-email"].partition("@")[0] not in USERS
    assert re.fullmatch(r"[0-9]+ [0-9]+ \* \* \*", flags["--schedule"])


def test_every_command_exists(manifests: dict[str, Any], compose: dict[str, Any]) -> None:
    commands = [[*found.get("command", []), *found.get("args", [])] for found in map(container, manifests.values())]
    commands += [service["command"] for service in compose.values() if "command" in service]
    text = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
    commands += [json.loads(given) for given in re.findall(r"^CMD (.+)$", text, re.MULTILINE)]
    said = " ".join(" ".join(command) for command in commands)
    modules = set(re.findall(r"(?<=-m[ ])[a-z_.]+", said.replace(",", " ")))
    assert modules == {"jobs.scrape", "deploy.grants", "gunicorn"}
    assert all(find_spec(module) for module in modules)
    assert "flask --app app db upgrade" in said


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
    assert users == {"db": None, "migrate": OWNER, "web": WEB, "api": API, "job": JOB}
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
