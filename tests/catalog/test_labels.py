"""Labels: printed, photographed at 200 dpi and read back by a barcode reader, in every script."""

import pypdfium2
import pytest
import zxingcpp

from catalog import labels
from catalog.identifiers import copy_barcode
from catalog.label_paper import PAPERS
from catalog.labels import label
from catalog.models import Copy
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


def on_the_shelf() -> list[Copy]:
    return [
        make_copy(make_edition(title, language), barcode=copy_barcode(at), call_number=f"{language.upper()} 3-5 SOP")
        for at, (language, title) in enumerate(TITLES.items(), start=1)
    ]


def read_back(pdf: bytes, dpi: int = 203) -> list[list[zxingcpp.Barcode]]:
    """What a barcode reader sees on each page; 203 dpi is what label printers have."""
    return [zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAPERS)
def test_every_barcode_of_a_sheet_is_read_back_where_its_label_is(name: str) -> None:
    paper, copies = PAPERS[name], on_the_shelf()
    start = min(5, paper.places)
    pages = read_back(labels.sheet(copies=copies, paper=paper, start=start))
    assert {found.text for page in pages for found in page} == {copy.barcode for copy in copies}
    scale = 203 / 25.4
    for page in pages:
        for found in page:
            at = (int(found.text[1:-1]) - 1 + start - 1) % paper.places
            row, column = divmod(at, paper.columns)
            middle = (found.position.top_left.x + found.position.bottom_right.x) / 2 / scale
            down = found.position.top_left.y / scale
            assert abs(middle - (paper.left + column * (paper.width + paper.gap) + paper.width / 2)) < 2
            assert paper.top + row * paper.height < down < paper.top + (row + 1) * paper.height


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAPERS)
def test_a_label_shows_title_number_and_language_in_both_scripts(name: str) -> None:
    copy = make_copy(make_edition("រឿងសុភាទន្សាយ", "km"), barcode=copy_barcode(9), call_number="KM 3-5 SOP")
    text = pypdfium2.PdfDocument(labels.sheet(copies=[copy], paper=PAPERS[name]))[0].get_textpage().get_text_range()
    for part in (copy.barcode, "KM 3-5 SOP", "ខ្មែរ", "크메르"):
        assert part.replace(" ", "") in text.replace(" ", "").replace("\u200b", ""), text


@pytest.mark.django_db
def test_a_used_sheet_goes_on_where_it_is_free_and_over_to_the_next() -> None:
    copies = [make_copy(make_edition(), barcode=copy_barcode(at)) for at in range(30)]
    pages = read_back(labels.sheet(copies=copies, paper=PAPERS["a4-24"], start=20))
    assert [len(page) for page in pages] == [5, 24, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "paper"), [("ABC-1234567890-XYZ", "a4-65"), ("가나다", "a4-24"), ("x" * 40, "a4-40")])
def test_a_barcode_that_no_scanner_would_read_is_refused_by_its_name(code: str, paper: str) -> None:
    with pytest.raises(labels.LabelRefused, match=code):
        labels.sheet(copies=[make_copy(make_edition(), barcode=code)], paper=PAPERS[paper])


def test_signs_show_each_language_in_its_script_and_in_korean() -> None:
    document = pypdfium2.PdfDocument(labels.signs(languages=["km", "ar", "vi"], band="3-5"))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert ["크메르" in texts[0], "아랍" in texts[1], "베트남" in texts[2]] == [True] * 3
    assert all("3-5" in text for text in texts)
