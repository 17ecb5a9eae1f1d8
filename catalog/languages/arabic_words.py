"""Arabic words of titles and names whose vowels no rule gives, folded; Persian and Urdu share them."""

from __future__ import annotations

READ_AS: dict[str, str] = {
    "الله": "allah", "محمد": "muhammad", "احمد": "ahmad", "محمود": "mahmud", "عبد": "abd", "بن": "ibn",
    "ابن": "ibn",
    "ابو": "abu", "ابي": "abi", "ام": "umm", "علي": "ali", "عمر": "umar", "حسن": "hasan",
    "حسين": "husayn", "من": "min",
    "في": "fi", "عن": "an", "الي": "ila", "مع": "maa", "قصه": "qissah", "قصص": "qisas", "حكايه": "hikayah",
    "حكايات": "hikayat", "كتاب": "kitab", "كتب": "kutub", "ولد": "walad", "بنت": "bint", "طفل": "tifl",
    "اطفال": "atfal",
    "بيت": "bayt", "ليله": "laylah", "الف": "alf", "قلب": "qalb", "شمس": "shams", "قمر": "qamar",
    "بحر": "bahr", "نجم": "najm",
    "كلب": "kalb", "قط": "qitt", "فيل": "fil", "اسد": "asad", "ذيب": "dhib", "سمك": "samak",
    "مدينه": "madinah",
    "مدرسه": "madrasah", "رحله": "rihlah", "تاريخ": "tarikh", "عرب": "arab", "عربي": "arabi",
    "عربيه": "arabiyah",
    "اسلام": "islam", "قران": "quran", "شعر": "shir", "حياه": "hayah", "مصر": "misr", "عالم": "alam",
    "ثقافه": "thaqafah",
    "هذا": "hadha", "هذه": "hadhihi", "بين": "bayna", "كل": "kull", "يا": "ya", "ما": "ma", "لا": "la",
    "هو": "huwa",
    "هي": "hiya", "دراسه": "dirasah", "كبير": "kabir", "صغير": "saghir", "جديد": "jadid", "اول": "awwal",
    "ايران": "iran",
    "فرهنگ": "farhang", "مردم": "mardum", "فارسي": "farsi", "متن": "matn", "حق": "haqq", "ترجمه": "tarjamah",
}  # fmt: skip
