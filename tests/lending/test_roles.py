"""Every address x every role, and every number of every thing x everybody whose it is not.

RULES names each page of the nook once, so a new page without a rule fails. docs/security/roles.md is written from it:
`WRITE=1 pytest tests/lending/test_roles.py -k document`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog.models import Donation, Donor, ImportRun, ImportState, StoryChange
from lending import registration, roles
from lending.households import Described, Reader
from lending.models import Closure, Hold, Household, Loan, Movement, NoticePolicy, Patron, StaffRole, StockTake, User
from tests.factories import (
    NOW,
    make_copy,
    make_edition,
    make_family_user,
    make_hold,
    make_household,
    make_patron,
    make_policy,
    make_staff,
)
from tests.lending.conftest import Nook

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "security" / "roles.md"
COLUMNS = ("anybody", "family", "volunteer", "coordinator", "administrator")
OPEN, FAMILY = "open", "family"
# Who may open or send a page: everybody, a family, or staff with a permission of lending/roles.py.
RULES: dict[str, str] = {
    **dict.fromkeys(
        [
            "robots",
            "sitemap",
            "django.contrib.sitemaps.views.sitemap",
            "notices_worker",
            "phone_worker",
            "live",
            "ready",
            "metrics",
            "catalog:home",
            "catalog:nooks",
            "catalog:pictures_first",
            "catalog:search",
            "catalog:suggestions",
            "catalog:book",
            "catalog:cover",
            "lending:choose_language",
            "lending:sign_in",
            "lending:sign_out",
            "lending:sign_out_everywhere",
            "lending:staff_sign_in",
            "lending:manifest",
            "lending:offline",
            "lending:join",
            "lending:joined",
            "lending:desk_shell",
            "lending:desk_worker",
            "lending:desk_manifest",
        ],
        OPEN,
    ),
    **dict.fromkeys(
        [
            "lending:family",
            "lending:kept",
            "lending:change_pin",
            "lending:notices",
            "lending:push_on",
            "lending:push_off",
            "lending:reserve",
            "lending:cancel_hold",
            "lending:renew",
            "lending:renew_all",
            "lending:data",
            "lending:download_data",
            "lending:keep_history",
            "lending:delete_data",
            "lending:withdraw_consent",
        ],
        FAMILY,
    ),
    **dict.fromkeys(
        [
            "lending:register",
            "lending:registrations",
            "lending:refuse_registration",
            "lending:families",
            "lending:household",
            "lending:card_pdf",
            "lending:second_factor",
            "lending:own_sign_in",
            "lending:work_at",
            "lending:passkey",
            "lending:stock_takes",
            "lending:stock_take",
            "lending:stock_take_scan",
            "lending:stock_take_unscan",
            "lending:open_family",
            "lending:add_reader",
            "lending:new_card",
            "lending:renew_card",
            "lending:reset_pin",
            "lending:come_of_age",
            "lending:desk",
            "lending:scan",
            "lending:finish",
            "lending:undo",
            "lending:desk_renew",
            "lending:loan_is",
            "lending:pulled",
            "lending:desk_lists",
            "lending:lists",
            "lending:list",
            "lending:queue",
            "lending:end_hold",
            "lending:change_pickup",
            "lending:tell",
            "lending:slips",
            "lending:mark_told",
            "lending:slip",
            "lending:practise",
            "lending:practise_back",
            "lending:desk_pulse",
            "lending:desk_snapshot",
            "lending:desk_upload",
            "lending:consent_paper",
            "lending:consent_given",
        ],
        roles.CIRCULATE,
    ),
    **dict.fromkeys(["catalog:words", "catalog:word", "catalog:words_patch"], roles.TRANSLATE),
    **dict.fromkeys(
        [
            "catalog:add_book",
            "catalog:ask_sources",
            "catalog:edit_book",
            "catalog:add_copy",
            "catalog:label",
            "catalog:collection",
            "catalog:labels",
            "catalog:label_sheet",
            "catalog:signs",
            "catalog:imports",
            "catalog:import",
            "catalog:import_columns",
            "catalog:confirm_import",
            "catalog:undo_import",
            "catalog:discard_import",
            "catalog:export",
            "catalog:download",
            "catalog:stories",
            "catalog:story",
            "catalog:join_story",
            "catalog:split_story",
            "catalog:undo_story",
            "catalog:donations",
            "catalog:donation",
            "catalog:donation_letter",
            "catalog:move_donated",
            "catalog:forget_donor",
            "catalog:donor_wishes",
            "lending:finish_stock_take",
            "lending:undo_stock_take",
            "lending:weeding",
            "lending:withdraw",
            "lending:bring_back",
        ],
        roles.CATALOGUE,
    ),
    "lending:move_hold": roles.OVERRIDE_HOLDS,
    "lending:set_due": roles.SET_DUE_DATE,
    **dict.fromkeys(
        [
            "lending:managing",
            "lending:closures",
            "lending:withdraw_closure",
            "lending:hours",
            "lending:add_policy",
            "lending:policy",
            "lending:delete_policy",
            "lending:add_notice_policy",
            "lending:notice_policy",
            "lending:log",
            "lending:share_device",
        ],
        roles.MANAGE,
    ),
}
# Pages that only take what is sent; the others are opened with GET.
SENT = set(
    [
        "catalog:pictures_first",
        "catalog:add_copy",
        "lending:choose_language",
        "lending:sign_out",
        "lending:sign_out_everywhere",
        "lending:passkey",
        "lending:work_at",
        "lending:push_on",
        "lending:push_off",
        "lending:reserve",
        "lending:cancel_hold",
        "lending:renew",
        "lending:renew_all",
        "lending:refuse_registration",
        "lending:open_family",
        "lending:add_reader",
        "lending:new_card",
        "lending:renew_card",
        "lending:reset_pin",
        "lending:come_of_age",
        "lending:scan",
        "lending:finish",
        "lending:undo",
        "lending:desk_renew",
        "lending:loan_is",
        "lending:pulled",
        "lending:end_hold",
        "lending:change_pickup",
        "lending:mark_told",
        "lending:practise",
        "lending:practise_back",
        "lending:desk_upload",
        "lending:keep_history",
        "lending:delete_data",
        "lending:withdraw_consent",
        "lending:consent_given",
        "lending:move_hold",
        "lending:set_due",
        "lending:withdraw_closure",
        "lending:delete_policy",
        "lending:share_device",
        "catalog:import_columns",
        "catalog:confirm_import",
        "catalog:undo_import",
        "catalog:discard_import",
        "catalog:download",
        "catalog:join_story",
        "catalog:split_story",
        "catalog:undo_story",
        "catalog:move_donated",
        "catalog:forget_donor",
        "catalog:donor_wishes",
        "lending:stock_take_scan",
        "lending:stock_take_unscan",
        "lending:finish_stock_take",
        "lending:undo_stock_take",
        "lending:withdraw",
        "lending:bring_back",
    ]
)
# These answer 404 where there is nothing to show: no cover, nobody to be told, no token set for whoever watches.
MAY_BE_EMPTY = {"lending:work_at", "catalog:cover", "catalog:join_story", "metrics", "lending:slip", "lending:slips"}
# What names a person's thing in an address, and so is refused to whom it does not belong.
PERSONAL = {"household_id", "patron_id", "loan_id", "hold_id", "movement_id", "code"}


def names() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, names of the parts) of every address but those of Django's administration."""

    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                if each.namespace != "admin":
                    yield from walk(each, each.namespace or space)
            elif isinstance(each, URLPattern):
                yield f"{space}:{each.name}" if space else str(each.name), tuple(each.pattern.converters)

    yield from walk(get_resolver(), "")


PAGES = dict(names())


def allowed(role: str, rule: str) -> bool:
    if rule == OPEN:
        return True
    if role in ("anybody", "family"):
        return rule == FAMILY and role == "family"
    return rule in roles.PERMISSIONS[StaffRole(role)]


def expected(role: str, rule: str) -> str:
    """In words for the document: yes, sign in, or refused."""
    if allowed(role, rule):
        return "yes"
    if role in ("anybody", "family") or rule == FAMILY:
        return "to its sign-in page"
    return "403"


@dataclass
class Cast:
    """A family with a number of everything, and one user of each role at its nook."""

    ids: dict[str, Any]
    users: dict[str, User | None]


@pytest.fixture
def cast(nook: Nook) -> Cast:
    mother = make_family_user(nook.nguyen)
    patron = make_patron(nook.nguyen, "Linh", birth_year=2000)
    nook.lend()
    loan = Loan.objects.get()
    hold = make_hold(make_edition("x", "vi"), nook.nguyen)
    described = Described("Ali", "ar", nook.here, [Reader("Sami")])
    waiting = registration.ask(family=described, at=NOW)
    special = make_policy(branch=nook.here)
    box = Donation.objects.create(donor=Donor.objects.create(name="Hoa"), branch=nook.here, received_on=NOW.date())
    ids = {
        "household_id": nook.nguyen.pk, "patron_id": patron.pk, "loan_id": loan.pk, "hold_id": hold.pk,
        "movement_id": Movement.objects.filter(loan=loan).latest("pk").pk, "code": waiting.code,
        "edition_id": nook.edition.pk, "copy_id": make_copy(nook.edition, branch=nook.here).pk,
        "work_id": nook.edition.work_id, "branch_id": nook.here.pk, "policy_id": special.pk,
        "closure_id": Closure.objects.create(first_day="2030-01-01", last_day="2030-01-02").pk, "size": "small",
        "run_id": ImportRun.objects.create(name="a", file="gone", format="csv", state=ImportState.READY).pk,
        "change_id": StoryChange.objects.create(kind="split", work=nook.edition.work, other={"id": 0}, at=NOW).pk,
        "stock_take_id": StockTake.objects.create(branch=nook.here, started_at=NOW).pk, "form": "csv",
        "donation_id": box.pk, "book_id": box.books.create().pk, "donor_id": box.donor_id,
        "what": "missing", "slug": "fetch", "language": "ru", "number": 1, "section": "books-ko",
    }  # fmt: skip
    NoticePolicy.objects.create(pk=special.pk)
    users = {role: make_staff(StaffRole(role), branch=nook.here) for role in COLUMNS[2:]}
    return Cast(ids, {"anybody": None, "family": mother, **users})


def ask(client: Client, name: str, ids: dict[str, Any]) -> Any:
    parts = {part: ids[part] for part in PAGES[name]}
    if name == "lending:loan_is":
        parts["what"] = "lost"
    address = reverse(name, kwargs=parts)
    return client.post(address) if name in SENT else client.get(address)


def leads_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and "/sign-in/?next=" in answer["Location"]


def test_every_page_has_a_rule_and_every_rule_a_page() -> None:
    assert set(PAGES) == set(RULES)
    assert set(RULES) >= SENT


@pytest.mark.parametrize("name", sorted(RULES))
@pytest.mark.parametrize("role", COLUMNS)
def test_who_may_open_what(cast: Cast, client: Client, role: str, name: str) -> None:
    if (user := cast.users[role]) is not None:
        client.force_login(user)
    answer = ask(client, name, cast.ids)
    if allowed(role, RULES[name]):
        assert not leads_to_sign_in(answer)
        assert answer.status_code in (200, 302, 400) or (name in MAY_BE_EMPTY and answer.status_code == 404), answer
    elif role in ("anybody", "family") or RULES[name] == FAMILY:
        assert leads_to_sign_in(answer), answer
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("name", sorted(name for name in PAGES if PERSONAL & set(PAGES[name])))
@pytest.mark.parametrize("who", ["stranger", "another nook", "anybody"])
def test_what_is_not_theirs_is_refused(cast: Cast, client: Client, nook: Nook, name: str, who: str) -> None:
    if who == "stranger":
        client.force_login(make_family_user(make_household(branch=nook.here)))
    elif who == "another nook":
        client.force_login(make_staff(StaffRole.COORDINATOR, branch=nook.there))
    before = [list(model.objects.order_by("pk").values()) for model in (Household, Patron, Loan, Hold)]
    answer = ask(client, name, cast.ids)
    assert answer.status_code == 404 or leads_to_sign_in(answer), (answer.status_code, answer)
    if who == "another nook" and RULES[name] != FAMILY:
        assert answer.status_code == 404
    assert [list(model.objects.order_by("pk").values()) for model in (Household, Patron, Loan, Hold)] == before


def test_a_family_that_lays_its_card_on_the_desk_of_another_nook_is_seen_to(nook: Nook, client: Client) -> None:
    far = make_household("Far", branch=nook.there)
    client.force_login(make_staff(StaffRole.VOLUNTEER, branch=nook.here))
    assert client.get(f"/en/desk/families/{far.pk}/").status_code == 404
    assert "Far" not in client.get("/en/desk/families/?q=Far").content.decode().split("<main")[1].split("<form")[2:]
    client.post("/en/desk/scan/", {"code": far.cards.get().number})
    assert client.get(f"/en/desk/families/{far.pk}/").status_code == 200
    client.post("/en/desk/finish/")
    assert client.get(f"/en/desk/families/{far.pk}/").status_code == 404


def test_every_change_is_sent_and_none_is_followed_by_a_link(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["administrator"])  # type: ignore[arg-type]
    for name in sorted(SENT):
        parts = {part: cast.ids[part] for part in PAGES[name]}
        assert client.get(reverse(name, kwargs=parts)).status_code in (405, 302), name
    assert Hold.objects.get().ended_at is None


def test_a_page_of_another_site_cannot_send_anything(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.users["administrator"])  # type: ignore[arg-type]
    family = Client(enforce_csrf_checks=True)
    family.force_login(cast.users["family"])  # type: ignore[arg-type]
    for name in sorted(PAGES):
        parts = {part: cast.ids[part] for part in PAGES[name]}
        sender = family if RULES[name] == FAMILY else strict
        assert sender.post(reverse(name, kwargs=parts)).status_code in (403, 405), name


def table() -> str:
    """The table in words."""
    lines = [
        "# Who may open what",
        "",
        "Written by `WRITE=1 pytest tests/lending/test_roles.py -k document` from the table of that test.",
        "",
        f"| page | {' | '.join(COLUMNS)} |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    for name in sorted(RULES):
        sent = " (sent)" if name in SENT else ""
        lines.append(f"| `{name}`{sent} | {' | '.join(expected(role, RULES[name]) for role in COLUMNS)} |")
    return "\n".join(lines) + "\n"


def test_the_document_says_the_same() -> None:
    if os.environ.get("WRITE"):
        DOCUMENT.write_text(table())
    assert DOCUMENT.read_text() == table()
