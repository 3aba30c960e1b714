"""The mirror server: what its manifest names, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.mirror import ManifestError, MirrorServer, read_manifest, start_mirror
from tests.forked import HUNG_S

ROOT = Path(__file__).resolve().parents[2]
BODY = b'{"answer": 42}' * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mirror of two documents beside a file that is none."""
    (tmp_path / "a.example").mkdir()
    (tmp_path / "a.example" / "models.json").write_bytes(BODY)
    (tmp_path / "page.md").write_bytes(b"# Page\n")
    (tmp_path / "secret.txt").write_text("no")
    entries = [
        {
            "url": "https://a.example/api/models?all=1",
            "file": "a.example/models.json",
            "content_type": "application/json",
            "commit_date": "2026-05-19T19:12:42-07:00",
        },
        {"url": "https://reader.example/https://b.example/docs page", "file": "page.md", "commit_date": "2025-11"},
    ]
    (tmp_path / "MANIFEST.json").write_text(json.dumps(entries))
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[MirrorServer]:
    """The folder, served."""
    with start_mirror(folder) as running:
        yield running


def asked(server: MirrorServer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=HUNG_S)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, dict(response.headers), body


def test_a_document_is_answered_with_its_type_and_validators(server: MirrorServer) -> None:
    status, headers, body = asked(server, "/a.example/api/models?all=1")
    assert (status, body) == (200, BODY)
    assert headers["Content-Type"] == "application/json"
    assert headers["ETag"] == f'"{hashlib.sha256(BODY).hexdigest()}"'
    assert headers["Last-Modified"] == "Wed, 20 May 2026 02:12:42 GMT"


def test_an_address_inside_an_address_is_found_quoted_or_not(server: MirrorServer) -> None:
    for quoted in ("https://b.example/docs%20page", "https:%2F%2Fb.example/docs%20page"):
        status, headers, body = asked(server, f"/reader.example/{quoted}")
        assert (status, body) == (200, b"# Page\n")
        assert "Last-Modified" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/a.example/api/models", "/a.example/models.json", "/secret.txt", "/../secret.txt", "/a.example/../secret.txt",
        "/%2e%2e/secret.txt", "//etc/passwd", "/a.example/robots.txt", "/MANIFEST.json", "/", "/a.example/api/models?all=2",
    ],
)  # fmt: skip
def test_what_the_manifest_does_not_name_is_not_there(server: MirrorServer, path: str) -> None:
    assert asked(server, path)[0] == 404


def test_validators_give_304_without_a_body(server: MirrorServer) -> None:
    path = "/a.example/api/models?all=1"
    etag = f'"{hashlib.sha256(BODY).hexdigest()}"'
    assert asked(server, path, If_None_Match=f'"other", W/{etag}')[::2] == (304, b"")
    assert asked(server, path, If_Modified_Since="Wed, 20 May 2026 02:12:42 GMT")[0] == 304
    assert asked(server, path, If_Modified_Since="Wed, 20 May 2026 02:12:41 GMT")[0] == 200
    assert asked(server, path, If_Modified_Since="nonsense")[0] == 200
    assert asked(server, path, If_None_Match='"x"', If_Modified_Since="Wed, 20 May 2026 02:12:42 GMT")[0] == 200


def test_head_and_gzip(server: MirrorServer) -> None:
    status, headers, body = asked(server, "/a.example/api/models?all=1", method="HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", str(len(BODY)))
    _, headers, body = asked(server, "/a.example/api/models?all=1", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == BODY
    assert len(body) < len(BODY)


@pytest.mark.parametrize(
    "manifest",
    ["", "{}", "[1]", '[{"url": "https://a.example/x"}]', '[{"url": "https://a.example/x", "file": "../up"}]', '["a"]'],
)
def test_a_manifest_that_is_none_or_leads_out_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "MANIFEST.json").write_text(manifest)
    with pytest.raises(ManifestError):
        read_manifest(tmp_path)


def test_the_command_says_its_address_and_stops_at_sigterm(folder: Path) -> None:
    command = [sys.executable, "-m", "jobs.mirror", str(folder), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=HUNG_S) == 0
    assert line.startswith("http://127.0.0.1:")
    assert "serves 2 documents" in line


def test_the_command_refuses_a_folder_without_a_manifest(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jobs.mirror", str(tmp_path)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HUNG_S, check=False)
    assert process.returncode == 2
    assert len(process.stderr.splitlines()) == 1
    assert "MANIFEST.json" in process.stderr
