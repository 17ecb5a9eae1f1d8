"""Boxes of books from the door to the shelf, and what donors are told."""

from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from catalog import donations
from catalog.donations import MOVES, Giver
from catalog.models import Branch, Copy, DonatedBook, DonatedState, Donation, Donor, DonorLetter
from lending import donor_letters
from lending.models import StaffRole
from tests.factories import NOW, make_branch, make_copy, make_edition, make_loan, make_staff
from tests.lending.receivers import mail_server

pytestmark = pytest.mark.django_db
GIVER = Giver("Nguyễn Thị Hoa", "hoa@example.org", "vi", dedication=True, yearly=True)


@pytest.fixture
def branch() -> Branch:
    return make_branch("seongdong")


@pytest.fixture
def coordinator(branch: Branch) -> Client:
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    return client


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "nook@example.org"


def box(branch: Branch, giver: Giver = GIVER, **fields: Any) -> Donation:
    told = {"received_on": date(2026, 3, 1), "others": 2} | fields
    return donations.receive(giver=giver, branch=branch, **told)


def given_copy(donation: Donation) -> Copy:
    book, copy = donation.books.filter(state=DonatedState.RECEIVED).first(), make_copy(branch=donation.branch)
    assert book is not None
    donations.catalogued(book=book, copy=copy)
    return copy


def test_a_box_of_scanned_and_counted_books(branch: Branch) -> None:
    donation = box(branch, isbns=["978-89-433-0596-3", "notanisbn", ""], others=3)
    assert list(donation.books.values_list("isbn", "words")) == [
        ("9788943305963", ""), ("", "NOTANISBN"), ("", ""), ("", ""), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("before", DonatedState.values)
@pytest.mark.parametrize("after", [*DonatedState.values, ""])
def test_each_move(branch: Branch, before: str, after: str) -> None:
    book = DonatedBook.objects.create(donation=box(branch, Giver()), state=before)
    if after in MOVES[before]:
        assert donations.move(book=book, to=after).state == after
    else:
        with pytest.raises(donations.NotNow):
            donations.move(book=book, to=after)
        assert DonatedBook.objects.get(pk=book.pk).state == before


def test_catalogued_from_the_page_the_copy_knows_its_box(branch: Branch, coordinator: Client) -> None:
    book = box(branch).books.first()
    assert book is not None
    address = f"{reverse('catalog:add_book')}?given={book.pk}"
    coordinator.post(address, {"title": "구름빵", "language": "ko", "branch": branch.pk, "format": "picture_book"})
    book.refresh_from_db()
    copy = Copy.objects.get()
    assert (book.state, book.copy, copy.donation) == (DonatedState.CATALOGUED, copy, book.donation)


def test_the_name_stands_on_the_book_only_where_that_is_wished(branch: Branch, client: Client) -> None:
    copy = given_copy(box(branch))
    page = reverse("catalog:book", args=[copy.edition_id])
    assert GIVER.name in client.get(page).content.decode()
    Donor.objects.update(dedication=False)
    assert GIVER.name not in client.get(page).content.decode()


def test_forgotten_the_donor_is_nowhere_and_the_books_stay(branch: Branch, coordinator: Client) -> None:
    donation = box(branch, note="from Hoa's mother")
    copy = given_copy(donation)
    coordinator.post(reverse("catalog:forget_donor", args=[donation.donor_id]))
    donation.refresh_from_db()
    assert (donation.donor, donation.note, Donor.objects.count(), DonorLetter.objects.count()) == (None, "", 0, 0)
    assert Copy.objects.filter(pk=copy.pk, donation=donation).exists()


def test_the_letter_is_in_the_donors_language(branch: Branch) -> None:
    donation = box(branch)
    text = pypdfium2.PdfDocument(donor_letters.paper(donation=donation))[0].get_textpage().get_text_range()
    assert "Nguyễn Thị Hoa" in text.replace("\r\n", " ")
    assert "Thank you" not in text


def test_thanks_go_out_once(branch: Branch) -> None:
    box(branch)
    assert donor_letters.send_due() == (1, 0)
    assert donor_letters.send_due() == (0, 0)
    (sent,) = mail.outbox
    assert (sent.to, GIVER.name in str(sent.body), GIVER.name in sent.subject) == ([GIVER.email], True, False)


def test_a_letter_that_fails_is_tried_again_later(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    box(branch)
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMultiAlternatives.send", lambda *_: (_ for _ in ()).throw(OSError()))
        assert donor_letters.send_due() == (0, 1)
    assert donor_letters.send_due() == (0, 0), "not at once"
    DonorLetter.objects.update(next_at=timezone.now())
    assert donor_letters.send_due() == (1, 0)


def test_once_a_year_with_consent_how_often_the_books_were_lent(branch: Branch) -> None:
    donor = box(branch).donor
    copy = given_copy(Donation.objects.get())
    make_loan(copy=copy, lent_at=NOW - timedelta(days=40), closed_at=NOW - timedelta(days=30), closed_as="returned")
    make_loan(copy=make_copy(make_edition("another")))
    assert donor is not None
    Donor.objects.update(yearly_since=(NOW - timedelta(days=400)).date())
    assert (donor_letters.plan_yearly(at=NOW), donor_letters.plan_yearly(at=NOW)) == (1, 0)
    donor_letters.send_due()
    yearly = mail.outbox[-1]
    assert "1" in str(yearly.body)
    assert donor_letters.plan_yearly(at=NOW + timedelta(days=30)) == 0
    Donor.objects.update(yearly_since=None)
    assert donor_letters.plan_yearly(at=NOW + timedelta(days=800)) == 0, "the wish was taken back"


def test_as_many_queries_for_many_boxes_as_for_one(
    branch: Branch, coordinator: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        box(branch, Giver(f"Donor {number}"))
    with django_assert_max_num_queries(12):
        assert coordinator.get(reverse("catalog:donations")).status_code == 200
    with django_assert_max_num_queries(11):
        coordinator.get(reverse("catalog:donation", args=[Donation.objects.latest("pk").pk]))


def test_a_box_by_the_page_with_nothing_in_it_is_asked_again(branch: Branch, coordinator: Client) -> None:
    form = {"name": "", "language": "ko", "branch": branch.pk}
    assert coordinator.post(reverse("catalog:donations"), form).status_code == 200
    assert Donation.objects.count() == 0
    assert coordinator.post(reverse("catalog:donations"), form | {"others": "3"}).status_code == 302
    assert (Donation.objects.get().donor, DonatedBook.objects.count()) == (None, 3)


def test_a_search_by_isbn_in_between_does_not_lose_the_box(branch: Branch, coordinator: Client) -> None:
    first, second = box(branch, isbns=["9788943305963", "9788937834479"], others=0).books.order_by("pk")
    add = reverse("catalog:add_book")
    coordinator.get(f"{add}?isbn={first.isbn}&given={first.pk}")
    form = {"title": "구름빵", "language": "ko", "branch": branch.pk, "format": "picture_book"}
    coordinator.post(f"{add}?isbn={first.isbn}&use=1", form | {"isbn": first.isbn})
    coordinator.post(f"{add}?isbn={second.isbn}", form | {"title": "x", "isbn": second.isbn})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (DonatedState.CATALOGUED, DonatedState.RECEIVED)


def test_one_more_copy_of_a_book_that_is_here_already(branch: Branch, coordinator: Client) -> None:
    edition = make_edition("구름빵", "ko", isbn="9788943305963")
    book = box(branch, isbns=["9788943305963"], others=0).books.get()
    coordinator.get(f"{reverse('catalog:add_book')}?isbn={book.isbn}&given={book.pk}")
    coordinator.post(reverse("catalog:add_copy", args=[edition.pk]), {"branch": branch.pk})
    book.refresh_from_db()
    assert (book.state, book.copy) == (DonatedState.CATALOGUED, edition.copies.get())


def test_two_people_of_one_name_are_two_donors(branch: Branch) -> None:
    box(branch, Giver("Kim"))
    box(branch, Giver("Kim", dedication=True))
    assert list(Donor.objects.order_by("pk").values_list("dedication", flat=True)) == [False, True]
    box(branch)
    box(branch)
    assert Donor.objects.filter(email=GIVER.email).count() == 1


def test_a_yearly_letter_that_is_no_longer_wished_is_not_sent(branch: Branch) -> None:
    donor = box(branch).donor
    make_loan(copy=given_copy(Donation.objects.get()), lent_at=NOW - timedelta(days=40))
    Donor.objects.update(yearly_since=(NOW - timedelta(days=400)).date())
    assert donor is not None
    donor_letters.send_due()
    assert donor_letters.plan_yearly(at=NOW) == 1
    Donor.objects.update(yearly_since=None)
    before = len(mail.outbox)
    donor_letters.send_due()
    assert len(mail.outbox) == before


def test_a_second_box_takes_no_wish_back_and_the_page_does(branch: Branch, coordinator: Client) -> None:
    donor = box(branch, Giver("Hoa", "hoa@example.org", "vi", dedication=True, yearly=True)).donor
    assert donor is not None
    since = donor.yearly_since
    again = box(branch, Giver("Hoa", "hoa@example.org", "vi")).donor
    assert (again, Donor.objects.count()) == (donor, 1)
    donor.refresh_from_db()
    assert (donor.dedication, donor.yearly_since) == (True, since)
    answer = coordinator.post(f"/en/cataloguing/donors/{donor.pk}/wishes/", {"yearly": "on"}, follow=True)
    donor.refresh_from_db()
    assert (answer.status_code, donor.dedication, donor.yearly_since) == (200, False, since)
    coordinator.post(f"/en/cataloguing/donors/{donor.pk}/wishes/", {})
    donor.refresh_from_db()
    assert donor.yearly_since is None


def test_a_box_too_large_is_said_and_nothing_is_cut(branch: Branch, coordinator: Client) -> None:
    fields = {"language": "ko", "branch": branch.pk, "isbns": "9786042100014 " * 300, "others": 201}
    page = coordinator.post("/en/cataloguing/donations/", fields).content.decode()
    assert ("These are 501 books, and a box holds 500" in page, Donation.objects.count()) == (True, 0)
    with pytest.raises(ValueError, match="at most 500"):
        donations.receive(giver=GIVER, branch=branch, received_on=NOW.date(), others=501)
    assert Donation.objects.count() == 0


def test_a_book_of_a_box_is_in_the_catalogue_only_as_a_copy(branch: Branch) -> None:
    book = box(branch).books.order_by("pk")[0]
    with pytest.raises(donations.NotNow):
        donations.move(book=book, to=DonatedState.CATALOGUED)
    assert DonatedBook.objects.get(pk=book.pk).state == DonatedState.RECEIVED


def test_two_who_catalogue_the_same_book_of_a_box(branch: Branch, coordinator: Client) -> None:
    book = box(branch).books.order_by("pk")[0]
    donations.move(book=book, to=DonatedState.PASSED_ON, passed_to="the school")
    edition = make_edition("구름빵", isbn="9786042100014")
    page = coordinator.post(
        f"/en/cataloguing/books/{edition.pk}/copies/?given={book.pk}", {"branch": branch.pk}, follow=True
    )
    assert (page.status_code, "finished already" in page.content.decode()) == (200, True)
    assert (edition.copies.count(), DonatedBook.objects.get(pk=book.pk).passed_to) == (1, "the school")


def test_forgotten_nothing_of_the_box_tells_of_anybody(branch: Branch) -> None:
    donation = box(branch, isbns=["Hoa010-1234"])
    donations.move(book=donation.books.order_by("pk")[0], to=DonatedState.PASSED_ON, passed_to="Mrs Kim")
    assert donation.donor is not None
    donations.forget(donor=donation.donor)
    assert set(DonatedBook.objects.values_list("words", "passed_to")) == {("", "")}


def test_to_whom_books_went_is_forgotten_after_a_year(branch: Branch) -> None:
    for days, to in ((400, "Mrs Kim"), (300, "Mrs Lee")):
        old = box(branch, received_on=(NOW - timedelta(days=days)).date())
        donations.move(book=old.books.order_by("pk")[0], to=DonatedState.PASSED_ON, passed_to=to)
    assert (donations.forget_recipients(on=NOW.date()), donations.forget_recipients(on=NOW.date())) == (1, 0)
    assert set(DonatedBook.objects.exclude(passed_to="").values_list("passed_to", flat=True)) == {"Mrs Lee"}


def test_a_yearly_letter_given_up_does_not_stand_in_the_way_of_the_next(branch: Branch) -> None:
    donor = box(branch).donor
    assert donor is not None
    copy = given_copy(Donation.objects.get())
    make_loan(copy=copy, lent_at=NOW - timedelta(days=40), closed_at=NOW - timedelta(days=30), closed_as="returned")
    Donor.objects.update(yearly_since=(NOW - timedelta(days=400)).date())
    assert donor_letters.plan_yearly(at=NOW) == 1
    given_up = DonorLetter.objects.filter(kind="yearly")
    given_up.update(attempts=len(donor_letters.RETRY) + 1)
    assert donor_letters.plan_yearly(at=NOW + timedelta(days=30)) == 0, "once a calendar year"
    assert donor_letters.plan_yearly(at=NOW + timedelta(days=366)) == 1


def test_a_yearly_letter_counts_each_loan_once(branch: Branch) -> None:
    donor = box(branch).donor
    assert donor is not None
    copy = given_copy(Donation.objects.get())
    for days in (400, 370, 20):
        at = NOW - timedelta(days=days)
        make_loan(copy=copy, lent_at=at, closed_at=at + timedelta(days=5), closed_as="returned")
    DonorLetter.objects.create(key="yearly:before", kind="yearly", donor=donor, sent_at=NOW - timedelta(days=380))
    letter = donor_letters.yearly(donor, at=NOW)
    assert letter is not None
    assert "2 times" in letter.sentences[1]


def test_letters_go_through_a_real_mail_server(branch: Branch, settings: Settings) -> None:
    box(branch)
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        for trouble in ("sender", "server"):
            settings.DEFAULT_FROM_EMAIL = "" if trouble == "sender" else "nook@example.org"
            server.answers[:] = [] if trouble == "sender" else ["451 later"]
            assert donor_letters.send_due() == (0, 1)
            DonorLetter.objects.update(next_at=timezone.now())
        assert donor_letters.send_due() == (1, 0)
    (sent,) = server.mails
    body = sent.get_body(("plain",))
    assert body is not None
    assert (sent["To"], sent["Content-Language"], GIVER.name in body.get_content()) == (GIVER.email, "vi", True)


def test_without_a_mail_server_letters_wait(branch: Branch, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    box(branch)
    assert (donor_letters.send_due(), DonorLetter.objects.get().attempts) == ((0, 0), 0)
