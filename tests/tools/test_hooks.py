"""The git hook: on main it checks or says what is missing, elsewhere it stands in nobody's way."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from aimstats.config.values import PROJECT_ROOT

MAKE_THAT_FAILS = '#!/bin/sh\necho "asked for $*"\nexit 1\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A new repository on main with the hook, without a virtual environment."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    shutil.copytree(PROJECT_ROOT / "tools" / "hooks", tmp_path / "tools" / "hooks")
    (tmp_path / "bin").mkdir()
    make = tmp_path / "bin" / "make"
    make.write_text(MAKE_THAT_FAILS, encoding="utf-8")
    make.chmod(0o755)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "config", "core.hooksPath", "tools/hooks")
    return tmp_path


def git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    names = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "a@a.example")
    environment: Mapping[str, str] = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder), **names}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def committed(folder: Path) -> "subprocess.CompletedProcess[str]":
    return git(folder, "commit", "--allow-empty", "--message", "x")


def test_without_the_environment_a_commit_on_main_says_what_to_do(repository: Path) -> None:
    refused = committed(repository)
    assert refused.returncode == 1
    assert "make install" in refused.stderr


def test_a_commit_on_main_is_checked(repository: Path) -> None:
    (repository / ".venv").mkdir()
    (repository / ".venv" / ".dev").touch()
    refused = committed(repository)
    assert refused.returncode == 1
    assert "asked for --no-print-directory check" in refused.stdout + refused.stderr


def test_a_commit_elsewhere_is_not(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "work")
    assert committed(repository).returncode == 0
    git(repository, "checkout", "--quiet", "--detach")
    assert committed(repository).returncode == 0
