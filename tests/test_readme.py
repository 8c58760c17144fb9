"""README's commands and Python examples run as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from artrec import config

README = (config.ROOT / "README.md").read_text("utf-8")
SHELL = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
COMMANDS = [line for line in SHELL if "-m artrec" in line]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command, artrec_home):
    words = shlex.split(command)
    assert words[0] == ".venv/bin/python"
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=config.ROOT, env=os.environ | {"ARTREC_HOME": str(artrec_home)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout and not done.stderr


def test_make_targets_exist():
    makefile = (config.ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"`?make (\w+)", README))
    assert {"app", "test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("example", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_python_examples_run(example, encoder, capsys):
    exec(compile(example, "README.md", "exec"), {})
    assert "The Ninth Wave" in capsys.readouterr().out


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (config.ROOT / target).exists(), target


def test_every_package_is_explained_and_pinned():
    required = (config.ROOT / "requirements.txt").read_text("utf-8")
    pinned = re.findall(r"^([A-Za-z0-9_-]+)(?:\[[a-z,]+\])?==[\w.]+$", required, re.MULTILINE)
    lines = [line for line in required.splitlines() if line and line[0] != "#"]
    assert len(pinned) == len(lines)
    table = README.split("## What each dependency is for")[1].split("##")[0]
    assert [name for name in pinned if not re.search(rf"\b{re.escape(name)}\b", table)] == []


def test_the_number_of_works_is_true(starter):
    assert f"a collection of {len(starter):,} works" in README


def test_modules_are_small_and_listed():
    modules = [p for p in Path(config.ROOT / "artrec").rglob("*.py") if p.stem not in ("__init__", "__main__")]
    assert all(len(p.read_text("utf-8").splitlines()) <= 400 for p in modules)
    shape = README.split("## How it works")[1].split("###")[0]
    top = {p.stem for p in modules if p.parent.name == "artrec"}
    assert [name for name in sorted(top) if f"`{name}`" not in shape] == []
