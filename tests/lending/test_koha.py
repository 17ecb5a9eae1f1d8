"""What a library system really got wrong: one test for each of the 33 classes of Koha's security advisories.

The classes were read in Koha's release notes 16.05 to 25.11 and CVE records; numbers in brackets are Koha's bugs.
"""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog import covers, messages
from catalog.formats import tabular
from catalog.models import Edition
from catalog.record import Record
from catalog.search import indexing
from lending import desk_snapshot, households, own_data, registration, returns
from lending.blocks import Refused
from lending.households import Described, Reader
from lending.models import AuditEntry, Hold, Household, Loan, Movement, Patron, StaffRole, User
from lending.queue import NextStep
from tests.catalog.test_covers import photo
from tests.factories import (
    NOW,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_patron,
    make_staff,
    signed_in,
)
from tests.lending.conftest import Nook
from tests.lending.test_roles import OPEN, PAGES, RULES

BASE = Path(settings.BASE_DIR)
SQL = (
    "' OR '1'='1",
    "1); DROP TABLE lending_user;--",
    "\\' UNION SELECT password FROM lending_user--",
    "1 OR SLEEP(9)",
)
XSS = '"><svg/onload=alert(1)>'
PUBLIC = {
    "/en/search/": ("q", "language", "age", "topic", "nook", "kind", "sort", "page", "available", "bilingual"),
    "/en/search/suggestions/": ("q",),
    "/en/sign-in/": ("next",),
    "/en/": ("q",),
}  # fmt: skip
STAFFED = {
    "/en/desk/families/": ("q",), "/en/desk/registrations/": ("code",), "/en/words/": ("q", "language"),
    "/en/manage/log/": ("who", "page"), "/en/cataloguing/add/": ("isbn", "language"),
    "/en/desk/snapshot/": ("after",),
}  # fmt: skip


@pytest.fixture
def desk(nook: Nook, client: Client) -> Client:
    client.force_login(nook.coordinator)
    return client


def sources(*folders: str, ending: str = "*.py") -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted((BASE / folder).rglob(ending)):
            if "migrations" not in path.parts:
                yield path, path.read_text()


def state() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in (Household, Patron, Loan, Hold, Movement)]


def asked(client: Client, pages: dict[str, tuple[str, ...]], value: str) -> Iterator[Any]:
    for address, names in pages.items():
        for name in names:
            yield client.get(address, {name: value})


@pytest.mark.django_db
@pytest.mark.parametrize("value", SQL)
def test_r01_no_sql_is_injected_before_signing_in(client: Client, value: str) -> None:
    """CVE-2015-4633."""
    make_family_user(make_household())
    assert all(answer.status_code in (200, 302, 400) for answer in asked(client, PUBLIC, value))
    answer = client.post("/en/sign-in/", {"card_number": value, "pin": value})
    assert (answer.status_code, User.objects.count()) == (200, 1)


@pytest.mark.parametrize("value", SQL)
def test_r02_no_sql_is_injected_by_staff(desk: Client, value: str) -> None:
    """CVE-2025-22954, CVE-2026-31844."""
    before = state()
    assert all(answer.status_code in (200, 302, 400, 404) for answer in asked(desk, STAFFED, value))
    desk.post("/en/desk/scan/", {"code": value})
    assert state() == before


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["password", "title;--", "-1", "99999999999999999999", "id) UNION SELECT 1"])
def test_r03_sorting_and_paging_know_only_their_own_words(client: Client, value: str) -> None:
    """CVE-2026-70370, -70372, -70373."""
    plain = client.get("/en/search/", {"q": ""}).content.decode()
    for name in ("sort", "page"):
        answer = client.get("/en/search/", {"q": "", name: value})
        assert answer.status_code in (200, 400, 404)
    assert "password" not in plain
    for path, text in sources("catalog", "lending"):
        assert not re.search(r"\.(raw|extra)\(|RawSQL\(", text), path


def test_r04_no_report_or_export_holds_a_hash(nook: Nook) -> None:
    """37784."""
    user = make_family_user(nook.nguyen)
    told = repr(own_data.everything(nook.nguyen))
    assert user.password not in told
    assert "password" not in told


@pytest.mark.parametrize("pages", [PUBLIC, STAFFED])
def test_r05_nothing_that_was_asked_comes_back_as_markup(desk: Client, pages: dict[str, tuple[str, ...]]) -> None:
    """CVE-2014-9446, CVE-2018-25101, 30969, 38468, 38969, 26102."""
    for answer in asked(desk, pages, XSS):
        assert "<svg/onload" not in answer.content.decode()


def test_r06_no_title_name_or_note_becomes_markup(nook: Nook, desk: Client) -> None:
    """CVE-2015-4639, 31165, 38961."""
    evil = [f"{XSS} 구름", f"{XSS} ខ្មែរ", f"{XSS} كتاب", f"{XSS} книга"]
    for title in evil:
        edition = make_edition(title, "ko", summary=XSS, publisher=XSS)
        make_copy(edition, branch=nook.here, note=XSS)
    family = make_household(XSS, branch=nook.here, note=XSS)
    make_patron(family, XSS)
    nook.hold(family)
    indexing.rebuild_index()
    book = Edition.objects.filter(title__contains="구름").get()
    desk.post("/en/desk/scan/", {"code": family.cards.get().number})
    for address in (
        "/en/", "/en/search/?q=", f"/en/books/{book.pk}/", "/en/desk/", f"/en/desk/families/{family.pk}/",
        "/en/desk/lists/fetch/", f"/en/desk/queues/{nook.edition.work_id}/", f"/en/cataloguing/books/{book.pk}/",
        "/en/search/suggestions/?q=구름",
    ):  # fmt: skip
        page = desk.get(address).content.decode()
        assert "<svg/onload" not in page, address


def test_r07_there_is_no_setting_for_raw_html() -> None:
    """CVE-2024-28740."""
    for path, text in sources("templates", ending="*.html"):
        assert not re.search(r"\|safe\b|autoescape off|safeseq", text), path
    trusted = {path.name for path, text in sources("catalog", "lending") if "mark_safe(" in text}
    assert trusted <= {"pictures.py", "highlighting.py", "texts.py", "addresses.py"}


def test_r08_stored_words_are_never_compiled(nook: Nook, desk: Client) -> None:
    """39184."""
    edition = make_edition("{{ settings.SECRET_KEY }}{% debug %}", "ko")
    make_copy(edition, branch=nook.here)
    page = desk.get(f"/en/books/{edition.pk}/").content.decode()
    assert "{{ settings.SECRET_KEY }}{% debug %}" in page
    for path, text in sources("catalog", "lending"):
        if path.name != "messages.py" or path.parent.name != "catalog":  # reads our own templates, when developing
            assert not re.search(r"\bTemplate\(|engine\.from_string\(", text), path


def test_r09_nothing_is_given_to_a_shell() -> None:
    """39170."""
    for path, text in sources("library", "catalog", "lending"):
        assert not re.search(r"os\.system|shell=True|\beval\(|\bexec\(", text), path
        if "subprocess" in text:
            assert path.parent.name == "running", path


def test_r10_every_change_needs_the_pages_own_token(nook: Nook) -> None:
    """CVE-2018-1000669, 41662. The walk over every address is in tests/lending/test_roles.py."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_family_user(nook.nguyen))
    before = state()
    for address in ("/en/family/data/delete/", "/en/family/data/history/", "/en/family/pin/", "/en/loans/renew/"):
        assert strict.post(address, {"pin": "482913", "keep": "1"}).status_code == 403
    assert state() == before


def test_r11_a_link_in_a_message_changes_nothing_by_being_fetched(nook: Nook, client: Client) -> None:
    """35445."""
    client.force_login(make_family_user(nook.nguyen))
    nook.lend()
    hold = nook.hold(nook.bat)
    before = state()
    for address in ("/en/family/", "/en/loans/renew/", f"/en/holds/{hold.pk}/cancel/", "/en/sign-out/"):
        client.head(address)
        client.get(address)
    assert state() == before
    assert client.get("/en/family/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["../../../../etc/passwd", "ko/../../x", "%2e%2e%2f", "ko\0", "x" * 5000])
def test_r12_a_language_is_one_of_ours_or_none(client: Client, code: str) -> None:
    """CVE-2015-4632, CVE-2011-4715."""
    client.cookies["language"] = code
    answer = client.get("/", headers={"accept-language": code.replace("\0", "")})
    assert (answer.status_code, answer["Location"]) == (302, "/ko/")
    client.post("/ko/language/", {"language": code})
    assert client.get("/ko/").status_code == 200


def test_r13_an_upload_names_no_file_and_is_a_picture(nook: Nook) -> None:
    """CVE-2023-44962, CVE-2024-36057."""
    covers.save_cover(edition=nook.edition, upload=SimpleUploadedFile("../../../x;rm -rf.jpg", photo()))
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert kept
    assert all(path.parent.name == covers.FOLDER and ";" not in path.name for path in kept)
    with pytest.raises(covers.CoverRefused):
        covers.save_cover(edition=nook.edition, upload=SimpleUploadedFile("a.jpg", b"PK\x03\x04" + b"\0" * 100))


def test_r14_a_cell_that_is_a_formula_stays_words() -> None:
    """CVE-2024-24337. No table is written yet; one that is read is never computed."""
    rows = list(tabular.read(b"title,language\n=HYPERLINK(1),ko\n"))
    assert [row.title for row in rows if isinstance(row, Record)] == ["=HYPERLINK(1)"]


@pytest.mark.django_db
def test_r15_the_longest_question_is_answered_soon(client: Client) -> None:
    """28784."""
    for number in range(50):
        make_edition(f"구름빵 {number}", "ko")
    indexing.rebuild_index()
    client.get("/en/search/?q=x")
    for question in ("*" * 5000, "a" * 20_000, "구 " * 3000, "?" * 1000, "(" * 2000):
        began = time.monotonic()
        assert client.get("/en/search/", {"q": question}).status_code in (200, 400)
        assert time.monotonic() - began < 5


def test_r16_who_signed_in_on_a_shared_device_sees_its_own_family_alone(nook: Nook, client: Client) -> None:
    """28735, 29543."""
    make_family_user(nook.nguyen, "482913")
    client.cookies["shared_device"] = "1"
    client.post("/en/sign-in/", {"card_number": nook.nguyen.cards.get().number, "pin": "482913"})
    assert client.session.get_expiry_age() == settings.KIOSK_SESSION
    for address in ("/en/desk/", "/en/desk/families/", f"/en/desk/families/{nook.bat.pk}/", "/en/manage/"):
        assert "/staff/sign-in/" in client.get(address)["Location"]


def test_r17_nobody_reaches_anothers_thing_by_its_number(nook: Nook, client: Client) -> None:
    """29544, 35941, 29903. Every number by everybody: tests/lending/test_roles.py."""
    nook.lend()
    hold = nook.hold(nook.bat)
    client.force_login(make_family_user(make_household("x", branch=nook.here)))
    before = state()
    for address in (f"/en/loans/{Loan.objects.get().pk}/renew/", f"/en/holds/{hold.pk}/cancel/"):
        assert client.post(address).status_code == 404
    assert state() == before


def test_r18_a_volunteer_does_not_do_what_a_coordinator_does(nook: Nook, client: Client) -> None:
    """29540, 29541, 29542."""
    hold = nook.hold(nook.bat)
    client.force_login(nook.volunteer)
    assert client.post(f"/en/desk/holds/{hold.pk}/move/", {"to": 1}).status_code == 403
    for address in ("/en/manage/", "/en/manage/log/", "/en/cataloguing/add/"):
        assert client.get(address).status_code == 403


@pytest.fixture
def hidden(nook: Nook) -> Edition:
    """A book that a coordinator keeps from readers, beside one that they see."""
    edition = make_edition("Hidden-9f3a", "ko", suppressed=True, work=nook.edition.work)
    make_copy(edition, branch=nook.here)
    covers.save_cover(edition=edition, upload=SimpleUploadedFile("a.jpg", photo()))
    indexing.rebuild_index()
    return edition


def test_r19_a_hidden_book_is_in_no_list_and_on_no_page(hidden: Edition, client: Client) -> None:
    """28907, 29503, 29508, 29510, 29509."""
    for address in ("/ko/", "/ko/search/?q=Hidden-9f3a", "/ko/search/?q=", "/ko/search/suggestions/?q=Hidden"):
        answer = client.get(address).content.decode()
        assert f"/books/{hidden.pk}/" not in answer, address
    assert client.get(f"/ko/books/{hidden.pk}/").status_code == 404


def test_r20_a_hidden_book_is_not_shown_another_way(hidden: Edition, nook: Nook, client: Client) -> None:
    """28478."""
    assert "Hidden-9f3a" not in client.get(f"/ko/books/{nook.edition.pk}/").content.decode()
    assert f"/books/{hidden.pk}/" not in client.get("/sitemap-books-ko.xml").content.decode()
    assert client.get(f"/ko/covers/{hidden.pk}/small/").status_code == 404
    client.force_login(make_family_user(nook.nguyen))
    assert client.post(f"/ko/books/{hidden.pk}/reserve/", {"pickup_branch": nook.here.pk}).status_code == 404


def test_r21_what_the_desk_keeps_offline_has_no_name(nook: Nook, desk: Client) -> None:
    """21199."""
    make_patron(nook.nguyen, "Secret-child")
    answer = desk.get("/en/desk/snapshot/")
    assert set(answer.json()) == {"books", "after", "salt", "cards"}
    text = answer.content.decode()
    for secret in (nook.nguyen.name, "Secret-child", nook.nguyen.cards.get().number):
        assert secret not in text
    assert set(desk_snapshot.cards().values()) <= {"ok", "old", "blocked"}


def test_r22_what_is_switched_off_answers_nobody(nook: Nook, desk: Client, settings: Any) -> None:
    """36072, 36081."""
    settings.SOURCES, settings.METRICS_TOKEN, settings.PUSH_HOSTS = [], "", []
    assert desk.get("/metrics").status_code == 404
    assert "lending_" not in desk.get("/en/cataloguing/sources/", {"isbn": "9788943300012"}).content.decode()
    desk.force_login(make_family_user(nook.nguyen))
    fields = {"endpoint": "https://push.example/x", "p256dh": "x", "auth": "y"}
    assert desk.post("/en/family/notices/on/", fields).status_code == 400


def test_r23_nobody_changes_the_account_of_somebody_higher(nook: Nook, desk: Client) -> None:
    """23634."""
    administrator = make_staff(StaffRole.ADMINISTRATOR, branch=nook.here)
    before = administrator.password
    for address in (f"/en/admin/lending/user/{administrator.pk}/change/", "/en/admin/lending/user/add/"):
        assert desk.get(address).status_code in (302, 403)
        desk.post(address, {"username": "me", "role": "administrator", "password": "a long password"})
    administrator.refresh_from_db()
    assert administrator.password == before
    assert User.objects.filter(role=StaffRole.ADMINISTRATOR).count() == 1


@pytest.mark.django_db
def test_r24_every_page_that_is_not_open_sends_a_stranger_away(client: Client) -> None:
    """24663."""
    closed = [name for name, rule in RULES.items() if rule != OPEN and not PAGES[name]]
    assert len(closed) > 20
    for name in closed:
        address = reverse(name)
        answer = client.get(address) if client.get(address).status_code != 405 else client.post(address)
        assert answer.status_code == 302, name
        assert "/sign-in/?next=" in answer["Location"], name


def test_r25_signing_out_ends_the_session_on_the_server(nook: Nook, client: Client) -> None:
    """25360, 29914. Secure cookies: tests/test_headers.py runs the check for deployment."""
    client.force_login(make_family_user(nook.nguyen))
    stolen = client.cookies["sessionid"].value
    client.post("/en/sign-out/")
    client.cookies["sessionid"] = stolen
    assert client.get("/en/family/").status_code == 302


def test_r26_one_worker_never_shows_one_family_anothers_page(nook: Nook) -> None:
    """38454."""
    clients = {}
    for family in (nook.nguyen, nook.bat):
        clients[family.name] = Client()
        clients[family.name].force_login(make_family_user(family))
    for _round in range(3):
        for name, each in clients.items():
            answer = each.get("/en/family/")
            others = [other for other in clients if other != name]
            assert name in answer.content.decode()
            assert not [other for other in others if other in answer.content.decode()]
            assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


@pytest.mark.django_db
def test_r27_an_empty_list_lets_nobody_in(client: Client, settings: Any) -> None:
    """36867, 35890."""
    settings.ALLOWED_HOSTS = []
    settings.DEBUG = False
    assert client.get("/ko/", headers={"host": "evil.example"}).status_code == 400


def test_r28_no_log_holds_a_card_a_pin_or_a_name(
    nook: Nook,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """37816."""
    caplog.set_level(0)
    make_family_user(nook.nguyen, "482913")
    number = nook.nguyen.cards.get().number
    client.post("/en/sign-in/", {"card_number": number, "pin": "000001"})
    client.post("/en/sign-in/", {"card_number": number, "pin": "482913"})
    client.get("/en/search/?q=secret-question")
    client.get("/en/gone/")
    told = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    for secret in (number, "482913", "000001", nook.nguyen.name, "secret-question"):
        assert not [line for line in told if secret in line], secret


def test_r29_what_others_wrote_is_what_we_looked_at() -> None:
    """34623."""
    folder = BASE / "static" / "vendor" / "barcode-detector"
    listed = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert listed
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name.lstrip("*")).read_bytes()).hexdigest() == digest
    scripts = {path.name for path in folder.iterdir() if path.suffix in (".js", ".wasm")}
    assert scripts == {name.lstrip("*") for name in listed}


def test_r30_the_same_form_sent_twice_registers_once(nook: Nook, desk: Client) -> None:
    """35942."""
    family = Described("Ali", "ar", nook.here, [Reader("Sami")])
    waiting = registration.ask(family=family, at=NOW)
    fields = {
        "name": "Ali", "language": "ar", "branch": nook.here.pk, "contact": "", "number": "", "reader-TOTAL_FORMS": 1,
        "reader-INITIAL_FORMS": 0, "reader-0-nickname": "Sami",
    }  # fmt: skip
    answers = [desk.post(f"/en/desk/register/?code={waiting.code}", fields).status_code for _twice in range(2)]
    assert answers == [200, 404]
    assert Household.objects.filter(name="Ali").count() == 1
    assert not isinstance(households.register(family=family, at=NOW), Refused)


def test_r31_a_return_never_forgets_who_waits(nook: Nook) -> None:
    """38919."""
    nook.lend()
    hold = nook.hold(nook.bat)
    back = nook.take_back()
    assert isinstance(back, returns.CheckedIn)
    assert (back.next_step, back.hold) == (NextStep.HOLD_SHELF, hold)
    assert hold.notices.exists()


def test_r32_a_translation_nobody_is_sure_of_is_not_shown(tmp_path: Path) -> None:
    """37303, 38450."""
    path = messages.catalogue_path(tmp_path, "ru")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n#, fuzzy\nmsgid "Card"\nmsgstr "x"\n'
    )
    messages.compile_catalogue(path, "ru")
    with path.open("rb") as lines:
        assert read_po(lines)["Card"].fuzzy
    assert b"Card" not in path.with_suffix(".mo").read_bytes()
    with translation.override("ru"):
        assert translation.gettext("Card") != "x"


def test_r33_two_that_fit_are_both_shown_and_none_is_chosen(nook: Nook, desk: Client) -> None:
    """34479, 37542."""
    for name in ("Nguyễn A", "Nguyễn B"):
        make_household(name, branch=nook.here)
    answer = desk.get("/en/desk/families/", {"q": "Nguyễn"})
    assert answer.status_code == 200
    assert answer.content.decode().count("/en/desk/families/") >= 3
    assert not AuditEntry.objects.filter(action="lending:open_family").exists()
    assert signed_in(card_number="2026-11-23", pin="482913") is None
