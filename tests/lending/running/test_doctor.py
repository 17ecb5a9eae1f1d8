"""The doctor sees each thing that is broken on purpose, and says nothing bad of a nook that is well."""

import json
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Edition
from catalog.search import indexing
from lending.models import Hold, HoldStatus, Loan, LoanClosed, Movement, MovementKind, Notice, NoticeKind, Transit, Way
from lending.running import doctor, lending_checks
from lending.running.findings import State
from tests.factories import NOW, make_branch, make_copy, make_edition, make_hold, make_household, make_loan
from tests.lending.running.places import NEWEST_UNDONE, Place

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def lent(**fields: object) -> Loan:
    """A loan that began as loans do."""
    loan = make_loan(**fields)  # type: ignore[arg-type]
    Movement.objects.create(kind=MovementKind.CHECK_OUT, loan=loan, copy=loan.copy, at=NOW, effective_at=NOW)
    return loan


def without(index: str) -> None:
    """Take the database's own guard away."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{index}"')


def lent_twice() -> None:
    without("one_open_loan_a_copy")
    lent(copy=lent().copy)


def half_closed() -> None:
    Loan.objects.filter(pk=lent().pk).update(closed_as=LoanClosed.RETURNED)


def lent_by_no_scan() -> None:
    make_loan()


def lent_and_kept() -> None:
    make_hold(status=HoldStatus.READY, kept_copy=lent().copy)


def lent_and_on_its_way() -> None:
    copy = lent().copy
    Transit.objects.create(copy=copy, from_branch=copy.branch, to_branch=make_branch(), sent_at=NOW)


def kept_without_copy() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would forbid the change
            cursor.execute("ALTER TABLE lending_hold DROP CONSTRAINT a_kept_hold_has_its_copy")
    make_hold(status=HoldStatus.READY)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def kept_for_two() -> None:
    without("a_copy_is_kept_for_one")
    copy = make_copy()
    for _ in range(2):
        make_hold(copy.edition, status=HoldStatus.READY, kept_copy=copy)


def half_ended() -> None:
    make_hold(ended_at=NOW)


def asked_twice() -> None:
    without("one_live_hold_an_edition")
    hold = make_hold()
    make_hold(hold.edition, hold.household)


def in_another_queue() -> None:
    hold = make_hold()
    Hold.objects.filter(pk=hold.pk).update(work=make_edition().work)


def travels_for_nobody() -> None:
    copy = make_copy()
    Transit.objects.create(copy=copy, from_branch=copy.branch, to_branch=make_branch(), sent_at=NOW, hold=make_hold())


def waits_for_no_transit() -> None:
    make_hold(status=HoldStatus.IN_TRANSIT, kept_copy=make_copy())


def collected_by_no_loan() -> None:
    make_hold(status=HoldStatus.FILLED, ended_at=NOW)


BREAKS: tuple[Callable[[], None], ...] = (
    lent_twice, half_closed, lent_by_no_scan, lent_and_kept, lent_and_on_its_way, kept_without_copy, kept_for_two,
    half_ended, asked_twice, in_another_queue, travels_for_nobody, waits_for_no_transit, collected_by_no_loan,
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS, ids=lambda each: each.__name__)
def test_sees_what_is_broken_in_lending(broken: Callable[[], None]) -> None:
    lent(), make_hold(), make_hold(status=HoldStatus.READY, kept_copy=make_copy())
    assert [each.state for each in lending_checks.lending()] == [State.GOOD]
    broken()
    found = {each.check for each in lending_checks.lending()}
    assert f"lending.{broken.__name__}" in found
    assert all(each.remedy for each in lending_checks.lending())


def test_every_invariant_is_broken_here() -> None:
    assert [each.__name__ for each in BREAKS] == [code for code, *_ in lending_checks.INVARIANTS]


def states() -> dict[str, str]:
    """What the doctor says, by check."""
    return {each.check: each.state.value for each in doctor.examine()}


def test_a_nook_that_is_well() -> None:
    lent()
    indexing.rebuild_index()
    found = states()
    quiet = {name: state for name, state in found.items() if not name.startswith("settings") and name != "mail"}
    assert set(quiet.values()) == {"good"}, found
    assert len(quiet) == len(doctor.CHECKS) - 2


def test_changes_nothing_and_asks_little(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    indexing.rebuild_index()
    with django_assert_max_num_queries(45) as asked:
        list(doctor.examine())
    writes = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")
    assert [each["sql"] for each in asked.captured_queries if each["sql"].startswith(writes)] == []


def test_index_behind_or_lost() -> None:
    make_edition()
    indexing.rebuild_index()
    assert states()["search"] == "good"
    hour = timezone.now() - timedelta(hours=1)
    Edition.objects.update(indexed_revision=0, updated_at=hour)
    assert states()["search"] == "look"
    Edition.objects.update(indexed_revision=1, suppressed=True)
    assert states()["search"] == "look"


def test_covers_missing_and_left_over(settings: Settings) -> None:
    make_edition(cover="abc")
    assert states()["covers"] == "look"
    folder = settings.MEDIA_ROOT / "covers"
    folder.mkdir(parents=True)
    for width in (160, 320, 640):
        (folder / f"abc-{width}.webp").touch()
    assert states()["covers"] == "good"
    (folder / "left-160.webp").touch()
    assert states()["covers"] == "look"


@pytest.mark.parametrize(("free", "state"), [(1 << 40, "good"), (500 << 20, "look"), (5 << 20, "bad")])
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 41, 0, free))
    assert states()["disk"] == state


def test_a_clock_that_is_behind() -> None:
    assert states()["clock"] == "good"
    make_loan(lent_at=timezone.now() + timedelta(days=1))
    assert states()["clock"] == "bad"


@pytest.mark.parametrize(
    ("host", "sender", "site", "state"),
    [("", "", "", "look"), ("mail", "nook@example.org", "", "bad"), ("mail", "n@example.org", "https://x", "good")],
)
def test_mail(settings: Settings, host: str, sender: str, site: str, state: str) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE_URL = host, sender, site
    assert states()["mail"] == state


@pytest.mark.parametrize(("minutes", "state"), [(5, None), (60, "look"), (60 * 48, "bad")])
@pytest.mark.parametrize("way", [Way.EMAIL, Way.SLIP])
def test_a_worker_that_is_silent(minutes: int, state: str | None, way: Way) -> None:
    then = timezone.now() - timedelta(minutes=minutes)
    told = {"kind": NoticeKind.READY, "way": way, "moment": then, "made_at": then, "not_before": then}
    Notice.objects.create(household=make_household(), event="x", hold=make_hold(), **told)
    assert states().get("notices") == (state if way == Way.EMAIL else None)


def test_daily_work_that_is_not_done() -> None:
    last_week = timezone.now() - timedelta(days=7)
    make_hold(status=HoldStatus.READY, kept_copy=make_copy(), collect_by=last_week)
    assert states()["daily"] == "look"


def test_settings_that_show_errors_to_everybody(settings: Settings) -> None:
    settings.DEBUG = True
    assert states()["settings.security.W018"] == "bad"


def test_a_migration_that_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_UNDONE)
    assert states()["migrations"] == "bad"


def test_a_migration_of_tomorrow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '9999_x' WHERE app = 'sessions'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', %s)", [NOW]
        )
    assert states()["migrations"] == "bad"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL")
def test_constraints_that_postgresql_does_not_vouch_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE lending_loan ADD CONSTRAINT doubtful CHECK (renewals < 100) NOT VALID")
    assert states()["integrity"] == "bad"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")
def test_a_damaged_file_and_rows_that_point_nowhere(place: Place) -> None:
    assert place.manage("migrate", "-v0").returncode == 0
    path = place.data / "nook.sqlite3"
    rows = sqlite3.connect(path)
    rows.execute("INSERT INTO django_admin_log VALUES (1, 1, 'x', 1, 'x', 999, 999, ?)", [NOW.isoformat()])
    rows.commit()
    (root,) = rows.execute("SELECT rootpage FROM sqlite_master WHERE name = 'one_open_loan_a_copy'").fetchone()
    rows.close()
    whole = bytearray(path.read_bytes())
    whole[(root - 1) * 4096 : (root - 1) * 4096 + 16] = b"damaged damaged!"
    path.write_bytes(whole)
    done = place.manage("doctor", "--json")
    found = {each["check"]: each for each in json.loads(done.stdout)}
    assert (done.returncode, found["integrity"]["state"], found["references"]["state"]) == (1, "bad", "bad")
    assert found["integrity"]["remedy"]
    refused = place.manage("backup", place.data / "b.tar")
    assert (refused.returncode, "damaged" in refused.stderr) == (1, True)


def test_says_it_to_people_and_leaves_with_1_where_something_is_bad(settings: Settings) -> None:
    settings.SILENCED_SYSTEM_CHECKS = ["async.E001"]  # of tests in a browser, which this process may have run
    indexing.rebuild_index()
    out = StringIO()
    call_command("doctor", language="en", stdout=out)
    assert "[good] integrity: The database is whole." in out.getvalue()
    make_loan()
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("doctor", language="en", stdout=out)
    assert left.value.code == 1
    assert "[bad] lending.lent_by_no_scan: Loans that no scan began: 1." in out.getvalue()
