"""Thai words that are not read as they are spelled: unwritten vowels of Pali and Sanskrit, kept by table."""

from __future__ import annotations

READ_AS: dict[str, str] = {
    "พระ": "phra", "ประ": "pra", "กระ": "kra", "ตระ": "tra", "พระอภัยมณี": "phra aphai mani", "อภัย": "aphai",
    "มณี": "mani", "ชีวิต": "chiwit", "สมุทร": "samut", "จักร": "chak", "บุตร": "but", "มิตร": "mit", "เพชร": "phet",
    "ศาสตร์": "sat", "ประวัติศาสตร์": "prawattisat", "ประวัติ": "prawat", "วัฒนธรรม": "watthanatham", "ธรรม": "tham",
    "กรรม": "kam", "ชาติ": "chat", "ญาติ": "yat", "เหตุ": "het", "ธาตุ": "that", "เกียรติ": "kiat",
    "สามัคคี": "samakkhi",
    "กษัตริย์": "kasat", "พุทธ": "phut", "รัฐ": "rat", "นิทาน": "nithan", "อนุบาล": "anuban", "สนุก": "sanuk",
    "ตลาด": "talat",
    "ขนม": "khanom", "ถนน": "thanon", "สบาย": "sabai", "ตลก": "talok", "สวัสดี": "sawatdi", "สัตว์": "sat",
    "ทราย": "sai",
    "สระ": "sa", "จริง": "ching", "สร้าง": "sang", "ทราบ": "sap", "พฤกษา": "phrueksa", "ฤดู": "ruedu",
    "อังกฤษ": "angkrit",
    "ก็": "ko", "ณ": "na", "ธ": "tha", "สมเด็จ": "somdet", "วรรณกรรม": "wannakam", "วรรณคดี": "wannakhadi",
    "กฎหมาย": "kotmai", "ประเทศ": "prathet", "เทศ": "thet", "ภาษา": "phasa", "ไทย": "thai", "เสน่ห์": "sane",
    "ตำรวจ": "tamruat", "อร่อย": "aroi", "ตลอด": "talot", "ฉลาด": "chalat", "ขนาด": "khanat", "สมัย": "samai",
    "สยาม": "sayam", "แสดง": "sadaeng", "เสมอ": "samoe", "ชนะ": "chana", "ขยะ": "khaya", "อนาคต": "anakhot",
    "เกษตรกรรม": "kasetrakam", "เกษตร": "kaset", "ราชา": "racha", "ราช": "rat", "มหา": "maha",
    "นคร": "nakhon",
    "อาจารย์": "achan", "คุณ": "khun", "จันทร์": "chan", "อาทิตย์": "athit", "พิพิธภัณฑ์": "phiphitthaphan",
    "กิน": "kin",
}  # fmt: skip
