"""Every command that a page, a message or a container speaks of exists, with the options that are shown."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from archive.cli.main import COMMANDS, group

PROJECT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text())
OURS = [service for service in COMPOSE["services"].values() if service["image"].startswith("textarchive")]

# In prose only what stands between back quotes is a command; in a block of shell, what begins a line.
_QUOTED = re.compile(r"`textarchive ([^`\n]+)`")
_TYPED = re.compile(r"^(?:\$ )?textarchive ([^\n]+)", re.MULTILINE)


def _spoken_of() -> Iterator[tuple[str, str]]:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    for path in pages:
        text = path.read_text().replace("\\\n", " ")  # A command that goes on in the next line.
        for found in (*_QUOTED.findall(text), *_TYPED.findall(text)):
            yield path.name, found
    for path in [*(PROJECT / "archive").rglob("*.py"), *(PROJECT / "templates").rglob("*.html")]:
        for found in _QUOTED.findall(path.read_text()):
            yield path.name, found


def _check(line: str) -> None:
    """Raises unless `line`, without its first word, can be understood by the command line."""
    words = shlex.split(
        line.split("#", maxsplit=1)[0].split(" > ", maxsplit=1)[0].split(" | ", maxsplit=1)[0], posix=True
    )
    command: click.Command = group
    context = click.Context(group)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words.pop(0))
        assert found is not None, "there is no such command"
        command = found
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    unknown = {word.split("=")[0] for word in words if word.startswith("-")} - options - {"--help", "-h"}
    assert not unknown, f"{command.name} has no {', '.join(sorted(unknown))}"


@pytest.mark.parametrize(("where", "line"), sorted(set(_spoken_of())), ids=str)
def test_a_command_that_is_spoken_of_exists(where: str, line: str) -> None:
    _check(line)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_that_exists_is_in_the_documentation_and_explains_itself(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.help
    pages = "".join(path.read_text() for path in (PROJECT / "docs").glob("*.md"))
    assert f"textarchive {name}" in pages


@pytest.mark.parametrize("service", OURS, ids=lambda service: str(service.get("command") or service["entrypoint"]))
def test_what_a_container_runs_is_a_command(service: dict[str, Any]) -> None:
    _check(shlex.join([*service.get("entrypoint", ["textarchive"])[1:], *service["command"]]))


def test_every_container_is_held_as_tightly_as_it_can_be() -> None:
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"]
        assert "healthcheck" in service or service["command"][0] == "serve", "the image brings one that asks the server"


def test_only_the_web_service_is_reachable_and_only_from_this_machine() -> None:
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}
    assert ports.pop("web") == ["127.0.0.1:8080:8080"]
    assert not any(ports.values())


def test_only_setting_up_may_write_the_master_key() -> None:
    keys = {name: service["volumes"] for name, service in COMPOSE["services"].items() if service in OURS}
    writable = [name for name, volumes in keys.items() if "keys:/keys" in volumes]
    assert writable == ["init"]
