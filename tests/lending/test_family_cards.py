"""Cards of families: read back by a barcode reader, with nothing of the family on them."""

import pypdfium2
import pytest
import zxingcpp

from lending.family_cards import cards
from lending.models import Card
from tests.factories import make_branch, make_household

pytestmark = pytest.mark.django_db


def test_each_card_is_read_back_and_names_nobody() -> None:
    branch = make_branch("seongdong", name="성동 책방")
    for language in ("km", "ar", "vi", "lo", "th", "ne", "zh-hans", "ru", "mn", "ja"):
        make_household("Family Nguyễn", language=language, branch=branch)
    every = list(Card.objects.select_related("household__branch"))
    document = pypdfium2.PdfDocument(cards(cards=every))
    assert len(document) == 1, "ten on a page"
    picture = document[0].render(scale=203 / 72).to_pil()
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == {card.number for card in every}
    text = document[0].get_textpage().get_text_range()
    assert "Family" not in text
    assert "성동" in text
