"""A browser without a screen, before the archive as it is served. Every page that any test opens is watched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.archive_to_show import Shown, make_archive
from tests.browser.watching import Watch

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip
PATIENCE = 20_000
"""Milliseconds until something that should appear counts as missing: machines that test are slow at times."""


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    shown: Shown
    cookies: dict[tuple[str, str], Any]
    """Of those who have signed in already: who signs in once need not do it again for each test."""


class Open(Protocol):
    def __call__(self, path: str, *who: str, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        # Nobody may believe that the pages were looked at when they were not.
        assert not os.environ.get("CI"), "chromium is missing"
        pytest.skip("chromium is not installed here")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    shown = make_archive(tmp_path_factory.mktemp("site"))
    command = [sys.executable, str(Path(__file__).with_name("serving.py"))]
    settings = {"TEXTARCHIVE_DATA": str(shown.settings.data), "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = server.stdout.readline().strip()
        assert url, "the server did not start"
        yield Site(url, shown, {})
        server.terminate()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Open]:
    """Opens a path, as nobody or as (organisation, role), in a browser of its own."""
    opened: list[BrowserContext] = []
    watch = Watch(site.url)

    def open_page(path: str, *who: str, **options: Any) -> Page:
        state = _signed_in(chromium, site, (who[0], who[1])) if who else None
        context = chromium.new_context(base_url=site.url, storage_state=state, **options)
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert watch.faults == []


def _signed_in(chromium: Browser, site: Site, who: tuple[str, str]) -> Any:
    if who not in site.cookies:
        context = chromium.new_context(base_url=site.url)
        page = context.new_page()
        page.goto("/sign-in")
        sign_in(page, *site.shown.logins[who])
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        site.cookies[who] = context.storage_state()
        context.close()
    return site.cookies[who]


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
