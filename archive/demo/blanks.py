"""The words that go into the braces of a thread. One thread keeps its words from the first text to the
last."""

import random

DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    "zh": ("周一", "周二", "周三", "周四", "周五"),
    "he": ("ראשון", "שני", "שלישי", "רביעי", "חמישי"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"),
}
TIMES = ("9:15", "9:30", "10:00", "10:45", "11:30", "1:15", "2:00", "2:30", "3:45", "4:30")
STREETS = ("Fernhollow Ave", "Old Kiln Road", "Larkspur Crescent", "Ropewalk Street", "Saltbox Lane")
AMOUNTS = (
    "$85.00", "$240.00", "$412.50", "$1,150.00", "$1,875.00", "$2,340.00", "$3,600.00", "$9,800.00",
    "$14,250.00", "$27,500.00", "$48,000.00", "$112,300.00",
)  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look like others."""


def fill_in(choose: random.Random, language: str, name: str, holder: str) -> dict[str, str]:
    """Words for every blank that occurs in a thread."""
    return {
        "name": name.split(maxsplit=1)[0],
        "me": holder.split(maxsplit=1)[0],
        "day": choose.choice(DAYS.get(language, DAYS["en"])),
        "time": choose.choice(TIMES),
        "street": f"{choose.randint(2, 480)} {choose.choice(STREETS)}",
        "unit": str(choose.randint(1, 21) * 100 + choose.randint(1, 18)),
        "amount": choose.choice(AMOUNTS),
        "digits": f"{choose.randint(0, 9999):04d}",
        "pin": f"{choose.randint(0, 999999):06d}",
        "ref": "".join(choose.choices(LETTERS, k=6)),
    }
