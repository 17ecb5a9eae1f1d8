"""Scanning with the camera: Chromium's fake camera films a barcode that we drew."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from barcode.codex import Code128
from barcode.ean import EuropeanArticleNumber13
from django.conf import settings
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Branch
from lending.models import Movement, StaffRole
from tests.browser.conftest import FLAGS
from tests.browser.desk_actions import open_desk, sign_in
from tests.factories import make_branch, make_copy, make_edition, make_policy, make_staff

WIDTH, HEIGHT, MODULE = 640, 480, 4  # px
ISBN = "9788936434267"
VENDOR = Path(settings.BASE_DIR) / "static" / "vendor" / "barcode-detector"


def film(path: Path, modules: str) -> Path:
    """A y4m film of ten equal pictures with these bars; shades of grey, the colour planes neutral."""
    picture = Image.new("L", (WIDTH, HEIGHT), 235)
    draw = ImageDraw.Draw(picture)
    start = (WIDTH - len(modules) * MODULE) // 2
    for at, bit in enumerate(modules):
        if bit == "1":
            draw.rectangle((start + at * MODULE, 140, start + (at + 1) * MODULE - 1, 340), fill=16)
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 10)
    return path


def filmed(browser: Browser, path: Path) -> Browser:
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"]
    executable = shutil.which("chromium")
    return browser.browser_type.launch(executable_path=executable, args=[*FLAGS, *flags])


@pytest.fixture
def copy_film(tmp_path: Path, transactional_db: None) -> tuple[str, Path]:
    make_policy()
    branch = make_branch("seongdong")
    copy = make_copy(make_edition("Truyện", "vi"), branch=branch)
    return copy.barcode, film(tmp_path / "copy.y4m", Code128(copy.barcode).build()[0])


@pytest.fixture
def camera(browser: Browser, copy_film: tuple[str, Path]) -> Iterator[BrowserContext]:
    with filmed(browser, copy_film[1]) as seeing, seeing.new_context(locale="en") as context:
        yield context


def test_a_copy_is_scanned_at_the_desk(
    camera: BrowserContext, live_server: LiveServer, copy_film: tuple[str, Path]
) -> None:
    camera.grant_permissions(["camera"])
    page = open_desk(camera, live_server, Branch.objects.get())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert not [url for url in asked if "vendor" in url]
    page.keyboard.press("F9")
    expect(page.locator("#desk-answer")).to_contain_text("This book was not on loan")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator("#code")).to_be_focused()
    assert Movement.objects.filter(copy__barcode=copy_film[0]).count() == 1
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []


def test_a_camera_that_is_refused_says_what_to_do(camera: BrowserContext, live_server: LiveServer) -> None:
    page = open_desk(camera, live_server, Branch.objects.get())
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.get_by_text("The browser does not allow the camera.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#code")).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_an_isbn_is_scanned_into_the_form(browser: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    coordinator = make_staff(StaffRole.COORDINATOR, branch=make_branch("seongdong"), language="en")
    path = film(tmp_path / "isbn.y4m", EuropeanArticleNumber13(ISBN).build()[0].replace("G", "1"))
    with filmed(browser, path) as seeing, seeing.new_context(locale="en", permissions=["camera"]) as context:
        page: Page = context.new_page()
        sign_in(page, live_server, coordinator.username)
        page.goto(f"{live_server.url}/en/cataloguing/add/")
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))
        page.get_by_role("button", name="Scan with the camera").click()
        page.wait_for_url(f"**?isbn={ISBN}*")


def test_what_is_shipped_is_what_was_published() -> None:
    for line in (VENDOR / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    assert {path.name for path in VENDOR.iterdir()} >= {"LICENSE", "LICENSE.zxing-wasm", "VERSION"}
