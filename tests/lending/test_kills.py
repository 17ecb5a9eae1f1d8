"""A web process killed at any moment of a scan: what was acknowledged is there, and nothing is half done.

Three kills in the suite; `make soak-lending` sets LENDING_SOAK and kills fifty times.
"""

import http.client
import os
import random
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from uuid import uuid4

import pytest

from catalog.models import Copy
from lending.models import CardStatus, Hold, Household, Loan, Movement
from tests.factories import NOW, make_branch, make_copy, make_edition, make_household, make_policy, make_staff
from tests.lending.invariants import broken
from tests.lending.serving import Answer, Scanner, Server

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 50 if "LENDING_SOAK" in os.environ else 3
BOOKS = 12


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    served = Server(tmp_path)
    served.start()
    yield served
    served.kill()


class Desk:
    """A volunteer who lends and takes back books, and after a crash sends the last scan again under its own id."""

    def __init__(self, server: Server) -> None:
        here, there = make_branch(), make_branch()
        make_policy(max_loans_household=1000, max_loans_patron=1000, max_holds_household=1000, walk_in="allow")
        self.families = [make_household(name, branch=here) for name in ("Nguyễn", "Бат")]
        homes = [here if number % 3 else there for number in range(BOOKS)]
        self.copies = [make_copy(make_edition(f"책 {number}"), branch=home) for number, home in enumerate(homes)]
        for copy in self.copies[::2]:
            self._reserve(copy, self.families[0], here if copy.pk % 2 else there)
        self.server = server
        self.scanner = Scanner(server, make_staff(branch=here))
        self.acknowledged: list[str] = []
        self.unsure: list[tuple[str, str]] = []

    @staticmethod
    def _reserve(copy: Copy, family: Household, pickup: object) -> None:
        edition = copy.edition
        hold = Hold(household=family, work=edition.work, edition=edition, placed_at=NOW, pickup_branch=pickup)
        hold.save()

    def scan_until_killed(self, random_: random.Random) -> None:
        """Scan cards and books until the server is gone; notes which scans of books it acknowledged."""
        scan_id, code = "", ""
        try:
            while True:
                scan_id, code = str(uuid4()), ""
                if random_.random() < 0.3:
                    self._card_or_done(random_)
                    continue
                code = random_.choice(self.copies).barcode
                self._note(self.scanner.scan(code, scan_id), scan_id)
        except (OSError, http.client.HTTPException):
            if code:
                self.unsure.append((scan_id, code))

    def _card_or_done(self, random_: random.Random) -> None:
        if random_.random() < 0.4:
            self.scanner.finish()
        else:
            family = random_.choice(self.families)
            self.scanner.scan(family.cards.get(status=CardStatus.ACTIVE).number)

    def _note(self, answer: Answer, scan_id: str) -> None:
        assert answer.status == 200, answer.page
        if answer.counted:
            self.acknowledged.append(scan_id)

    def send_again(self) -> None:
        """The scan whose answer never came: it counts once, however often it is sent."""
        while self.unsure:
            scan_id, code = self.unsure.pop()
            before = Movement.objects.filter(scan_id=scan_id).count()
            for _ in range(2):
                self._note(self.scanner.scan(code, scan_id), scan_id)
            assert before <= Movement.objects.filter(scan_id=scan_id).count() <= 1

    def all_there(self) -> None:
        """What the desk was told is in the database."""
        kept = {str(scan_id) for scan_id in Movement.objects.exclude(scan_id=None).values_list("scan_id", flat=True)}
        assert set(self.acknowledged) <= kept


def test_c48_killed_at_any_moment_nothing_is_lost_or_half_done(server: Server) -> None:
    random_, desk = random.Random(7), Desk(server)  # noqa: S311
    for _ in range(KILLS):
        killer = Timer(random_.uniform(0.2, 1.5), server.kill)
        killer.start()
        desk.scan_until_killed(random_)
        killer.join()
        assert broken() == []
        server.start()
        desk.send_again()
        desk.all_there()
    assert len(desk.acknowledged) > KILLS
    assert Loan.objects.exists()


def test_control_a_scan_in_two_transactions_is_left_half_done(server: Server) -> None:
    """What the invariants would say of a process that died between a loan and its movement."""
    desk = Desk(server)
    Loan.objects.create(
        copy=desk.copies[0], household=desk.families[0], branch=desk.copies[0].branch, lent_at=NOW, due_at=NOW
    )
    assert any("began 0 times" in sentence for sentence in broken())
