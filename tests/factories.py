"""Short ways to make what a test needs: every argument has a default, every call makes something new."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog import covers
from catalog.models import Branch, Copy, Edition, Shelf, Work
from lending import signing_in
from lending.attempts import Wait
from lending.models import (
    Card,
    CirculationPolicy,
    Hold,
    Household,
    Loan,
    OpeningHours,
    Patron,
    PushSubscription,
    StaffRole,
    User,
)

# A Wednesday, 11:00 in Seoul.
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
_serial = count(1)


def make_branch(code: str = "", *, open_weekdays: tuple[int, ...] = (), **fields: Any) -> Branch:
    """A nook in Seoul; without weekdays every day counts as open."""
    code = code or f"nook-{next(_serial)}"
    branch = Branch.objects.create(code=code, name_en=fields.pop("name", code.title()), **fields)
    for weekday in open_weekdays:
        OpeningHours.objects.create(branch=branch, weekday=weekday, opens="10:00", closes="18:00")
    return branch


def make_shelf(branch: Branch) -> Shelf:
    """A shelf in a nook."""
    return Shelf.objects.create(branch=branch, code=f"shelf-{next(_serial)}", name_en="A shelf")


def make_edition(
    title: str = "구름빵",
    language: str = "ko",
    *,
    languages: list[str] | None = None,
    work: Work | None = None,
    **fields: Any,
) -> Edition:
    """A book, with a work of its own unless one is given."""
    work = work or Work.objects.create()
    edition = Edition.objects.create(title=title, languages=languages or [language], work=work, **fields)
    edition.refresh_from_db()
    return edition


def make_copy(edition: Edition | None = None, *, branch: Branch | None = None, **fields: Any) -> Copy:
    """A copy on the shelf of its branch."""
    fields.setdefault("barcode", f"3{next(_serial):013d}")
    return Copy.objects.create(
        edition=edition or make_edition(), branch=branch or Branch.objects.first() or make_branch(), **fields
    )


def make_household(
    name: str = "Nguyễn", *, language: str = "vi", branch: Branch | None = None, **fields: Any
) -> Household:
    """A family with one active card and one child."""
    household = Household.objects.create(
        name=name, language=language, branch=branch or Branch.objects.first() or make_branch(), **fields
    )
    make_card(household)
    make_patron(household)
    return household


def make_card(household: Household, *, expires_on: date | None = None, **fields: Any) -> Card:
    """A card; its number is unlike every other."""
    fields.setdefault("number", f"2{next(_serial):013d}")
    return Card.objects.create(household=household, expires_on=expires_on, **fields)


def make_patron(household: Household, nickname: str = "Mai", **fields: Any) -> Patron:
    """A child of the household."""
    return Patron.objects.create(
        household=household, nickname=nickname, birth_year=fields.pop("birth_year", 2019), **fields
    )


def make_family_user(household: Household, pin: str = "482913", *, patron: Patron | None = None) -> User:
    """The user with which a family, or one reader of it, signs in."""
    return User.objects.create_user(
        f"household-{household.pk}" + (f"-{patron.pk}" if patron else ""), pin, role=StaffRole.FAMILY,
        household=household, patron=patron, language=household.language,
    )  # fmt: skip


def make_notice_device(household: Household) -> PushSubscription:
    """A phone on which the family switched messages on."""
    return PushSubscription.objects.create(household=household, endpoint=f"https://push.example/{next(_serial)}")


def make_staff(role: str = StaffRole.VOLUNTEER, *, branch: Branch | None = None, **fields: Any) -> User:
    """A volunteer, or another role."""
    fields.setdefault("username", f"staff-{next(_serial)}")
    return User.objects.create_user(
        password=fields.pop("password", "a long password"), role=role,
        branch=branch or Branch.objects.first() or make_branch(), **fields,
    )  # fmt: skip


def make_policy(**fields: Any) -> CirculationPolicy:
    """A policy row; the general one unless branch or format is given."""
    return CirculationPolicy.objects.create(**fields)


def make_loan(
    copy: Copy | None = None,
    household: Household | None = None,
    *,
    lent_at: datetime = NOW,
    due: datetime | None = None,
    **fields: Any,
) -> Loan:
    """An open loan, due two weeks after it began."""
    copy = copy or make_copy()
    return Loan.objects.create(
        copy=copy, household=household or make_household(), branch=copy.branch, lent_at=lent_at,
        due_at=due or lent_at + timedelta(days=14), **fields,
    )  # fmt: skip


def make_hold(
    edition: Edition | None = None,
    household: Household | None = None,
    *,
    pickup: Branch | None = None,
    placed_at: datetime = NOW,
    **fields: Any,
) -> Hold:
    """A waiting hold on an edition; `work=` for one on a story."""
    household = household or make_household()
    if "work" not in fields:
        edition = edition or make_edition()
        fields.update(work=edition.work, edition=edition)
    return Hold.objects.create(
        household=household, pickup_branch=pickup or household.branch, placed_at=placed_at, **fields
    )


def signed_in(*, card_number: str, pin: str) -> User | None:
    """The family's user by card and PIN, as the page signs it in; nobody has tried before."""
    user = signing_in.family(card_number=card_number, pin=pin, where="192.0.2.1", at=NOW)
    assert not isinstance(user, Wait)
    return user


def cover_files() -> list[Path]:
    """The files of covers on this disk."""
    folder = Path(settings.MEDIA_ROOT) / covers.FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []
