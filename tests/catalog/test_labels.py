"""Labels: printed, photographed at 200 dpi and read back by a barcode reader, in every script."""

import pypdfium2
import pytest
import zxingcpp

from catalog.identifiers import copy_barcode
from catalog.labels import label
from tests.factories import make_copy, make_edition

TITLES = {
    "ko": "구름빵",
    "km": "រឿងសុភាទន្សាយ",
    "ar": "الأمير الصغير",
    "th": "ความสุขของกะทิ",
    "lo": "ຈຳປາສີ່ຕົ້ນ",
    "en": "The very long title of a book that tells of many animals and does not fit into one line of a small label",
    "vi": '"; #panic("injected") //',
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", TITLES)
def test_the_printed_barcode_is_read_back(language: str) -> None:
    barcode = copy_barcode(4711)
    copy = make_copy(make_edition(TITLES[language], language), barcode=barcode, call_number="KM 3-5 SOP")
    document = pypdfium2.PdfDocument(label(copy=copy))
    picture = document[0].render(scale=200 / 72).to_pil()
    text = document[0].get_textpage().get_text_range()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [barcode]
    assert (len(document), {barcode, "KM", "3-5", "SOP"} <= set(text.split())) == (1, True)
