"""Which letters bytes are, asked of real words in each encoding."""

import pytest

from catalog.formats.encodings import decode, detect, expand_references

KOREAN = "구름빵 / 백희나 글·그림. 서울 : 한솔수북, 2004"
RUSSIAN = "Основы гидравлического расчета инженерных сетей / А. Б. Иванов. Москва"
VIETNAMESE = "Dế mèn phiêu lưu ký"


@pytest.mark.parametrize("flagged", [True, False])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (KOREAN, "utf-8"), (VIETNAMESE, "utf-8"), ("plain", "utf-8"), (KOREAN, "cp949"), (RUSSIAN, "cp1251"),
        (RUSSIAN, "cp866"), ("說話 文學 關係 論著 目錄 · 李 家源", "cp949"),
        ("Blåbærsyltetøj på Ærø, året rundt", "cp1252"),
    ],
)  # fmt: skip
def test_the_flag_does_not_decide_the_bytes_do(text: str, codec: str, flagged: bool) -> None:
    data = text.encode(codec)
    found = detect(data, flagged)
    assert (found, decode(data, found)) == (codec, text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xe2e na\xe8ive \xe1a la fran\xf0caise", "café naïve à la française"),
        (b"\x1b$1!07!J\x1b(B", "\ufffd"),  # one letter and a piece of the next
        (b"\x1b(NoDLUKE I RE[E\x1b(QJ\x1b(NA", "Одлуке и решења"),
        (b"D\xe3\xe2e m\xe1en", "Dế mèn"),
    ],
)
def test_marc8(data: bytes, text: str) -> None:
    found = detect(data, flagged_utf8=False)
    assert found == "marc-8"
    assert text in expand_references(decode(data, found))


def test_a_damaged_letter_does_not_make_utf8_something_else() -> None:
    data = KOREAN.encode() + b"\xff"
    assert detect(data, flagged_utf8=True) == "utf-8"
    assert decode(data, "utf-8") == KOREAN + "\ufffd"


@pytest.mark.parametrize(
    ("written", "letter"),
    [
        ("&#x0E25;", "ล"),
        ("&#x0E25%x;", "ล"),
        ("&#xD800;", "&#xD800;"),
        ("&#xFFFFFF;", "&#xFFFFFF;"),
        ("&#x4;", "&#x4;"),
    ],
)
def test_letters_written_as_numbers(written: str, letter: str) -> None:
    assert expand_references(written) == letter


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b)", b"\x1b$1", b"\x1b$1a", b"\xe0", b"\x1b\xff\xff", b"\x88\x89", b""])
def test_no_bytes_raise(data: bytes) -> None:
    for codec in ("marc-8", detect(data, False), detect(data, True)):
        assert isinstance(decode(data, codec), str)
