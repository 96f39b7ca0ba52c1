"""Who is in the demo: firms, staff, numbers and the people they text with. All invented."""

from dataclasses import dataclass
from typing import Literal

from archive.demo.conversations_property import PROPERTY
from archive.demo.conversations_wealth import WEALTH
from archive.demo.model import Contact, OwnNumber, Person


@dataclass(frozen=True, slots=True)
class Firm:
    """`threads` are conversations by language, as the conversation files have them; `chats` is how many to hold."""

    name: str
    country: Literal["US", "CA"]
    people: tuple[Person, ...]
    numbers: tuple[OwnNumber, ...]
    contacts: tuple[Contact, ...]
    desks: dict[str, str]
    """The number that speaks a language, where one does; everybody else is spread over the authorised
    ones."""
    threads: dict[str, tuple[str, ...]]
    chats: int
    unlisted: OwnNumber
    """A number that texts arrive for although nobody ever told the archive about it."""


def _contacts(table: str) -> tuple[Contact, ...]:
    rows = (row.split(" | ") for row in table.strip().splitlines())
    return tuple(Contact(name, f"+1{number.replace(' ', '')}", language) for name, number, language in rows)


QUILLBROOK = Firm(
    name="Quillbrook Wealth Advisors",
    country="US",
    people=(
        Person("Imogen Talwar", "imogen.talwar@quillbrook.example", "compliance"),
        Person("Desmond Achterberg", "desmond.achterberg@quillbrook.example", "administrator"),
        Person("Priscilla Vantongeren", "p.vantongeren@quillbrook.example", "auditor"),
    ),
    numbers=(
        OwnNumber("+16175550110", "Boston, MA", "Dana Whitlow", "authorised", "twilio", "ACquillbrook01", "CQB4W7A"),
        OwnNumber(
            "+16175550111",
            "Boston, MA",
            "Rafael Quintrell",
            "authorised",
            "twilio",
            "ACquillbrook01",
            "CQB4W7A",
        ),
        OwnNumber(
            "+12125550120",
            "New York, NY",
            "Wei-Lin Castellan",
            "authorised",
            "bandwidth",
            "5501120",
            "CQB9N2K",
        ),
        OwnNumber("+13055550130", "Miami, FL", "Marisol Etxeberri", "authorised", "telnyx", "qb-miami", "CQB9N2K"),
        OwnNumber("+15125550140", "Austin, TX", "Tobias Fennimore", "unauthorised", "telnyx", "qb-austin", None),
    ),
    contacts=_contacts("""
Harriet Osgood | 508 555 0101 | en
Milo Brandvold | 508 555 0102 | en
Odette Farquhar | 781 555 0103 | en
Gideon Pell | 781 555 0104 | en
Nadia Sorokova | 857 555 0105 | en
Calvin Threadgill | 857 555 0106 | en
Bettina Lockridge | 603 555 0107 | en
Amos Winterbourne | 603 555 0108 | en
Yolanda Crisp | 401 555 0109 | en
Percival Duong | 401 555 0112 | en
Fiona Blackadder-Reyes | 646 555 0113 | en
Isaac Mbeki-Lowe | 646 555 0114 | en
Thea Gunderssen | 917 555 0115 | en
Jasper Okonjo | 917 555 0116 | en
Lorraine Petitclerc | 203 555 0117 | en
Sumner Hale | 203 555 0118 | en
Anjali Devarakonda | 415 555 0188 | en
Roscoe Tillery | 737 555 0121 | en
Beatriz Olmedilla | 786 555 0122 | es
Joaquín Arriaga | 786 555 0123 | es
Rosalía Montferrer | 954 555 0124 | es
Efraín Casagrande | 954 555 0125 | es
林美慧 | 718 555 0126 | zh
赵国栋 | 718 555 0127 | zh
何欣怡 | 347 555 0128 | zh
נועה ברקאי | 516 555 0129 | he
Solène Marchetaux | 617 555 0131 | fr
"""),
    desks={"es": "+13055550130", "zh": "+12125550120", "abroad": "+16175550110"},
    threads=WEALTH,
    chats=265,
    unlisted=OwnNumber("+16175550177", "unknown", "Dana Whitlow", "unauthorised", "twilio", "ACquillbrook01", None),
)

TAMARACK = Firm(
    name="Tamarack Row Property Management",
    country="CA",
    people=(
        Person("Gwendolyn Osei-Hart", "gwendolyn@tamarackrow.example", "compliance"),
        Person("Luc Desrosiers-Wong", "luc@tamarackrow.example", "administrator"),
        Person("Farid Nazarenko", "farid@tamarackrow.example", "auditor"),
    ),
    numbers=(
        OwnNumber("+14165550150", "Toronto, ON", "Maintenance desk", "authorised", "bandwidth", "5501150", "CTR2M8X"),
        OwnNumber(
            "+14165550151",
            "Toronto, ON",
            "Leasing (Ayesha Lindqvist)",
            "authorised",
            "bandwidth",
            "5501150",
            "CTR2M8X",
        ),
        OwnNumber(
            "+15145550160",
            "Montréal, QC",
            "Gestion (Étienne Valcourt)",
            "authorised",
            "twilio",
            "ACtamarack02",
            "CTR6F1Q",
        ),
        OwnNumber(
            "+16045550170",
            "Vancouver, BC",
            "Front office (Mei Hargreaves)",
            "authorised",
            "telnyx",
            "tr-west",
            "CTR6F1Q",
        ),
    ),
    contacts=_contacts("""
Odalys Brightwater | 647 555 0101 | en
Kenji Abernathy | 647 555 0102 | en
Rowan Sandoval-Price | 647 555 0103 | en
Tamsin Achebe | 437 555 0104 | en
Hollis Vandermeer | 437 555 0105 | en
Zara Coombes | 437 555 0106 | en
Benedikt Ostrander | 905 555 0107 | en
Juniper Malhotra | 905 555 0108 | en
Clement Adeyemi-Ross | 905 555 0109 | en
Delphine Rourke | 778 555 0110 | en
Ignatius Plume | 778 555 0111 | en
Saoirse Takahata | 778 555 0112 | en
Norrie Plumbing | 289 555 0113 | en
Brightbox Electric | 289 555 0114 | en
Camille Brisebois-Roy | 438 555 0115 | fr
Thibault Lachance-Noël | 438 555 0116 | fr
Maëlle Gendronneau | 450 555 0117 | fr
Florent Quesnelle | 450 555 0118 | fr
陈雅文 | 236 555 0119 | zh
黄志明 | 236 555 0120 | zh
吴婷婷 | 672 555 0121 | zh
周伟豪 | 672 555 0122 | zh
ليلى الحدّاد | 365 555 0123 | ar
يوسف المنصوري | 365 555 0124 | ar
Ximena Valdearcos | 226 555 0125 | es
"""),
    desks={"fr": "+15145550160", "zh": "+16045550170", "abroad": "+14165550151"},
    threads=PROPERTY,
    chats=265,
    unlisted=OwnNumber("+14165550199", "unknown", "Front office", "unauthorised", "bandwidth", "5501150", None),
)

FIRMS = (QUILLBROOK, TAMARACK)

SHORT_CODE = Contact("One-time codes", "729755", "code")
ABROAD = Contact("Rupert Ashgrove", "+442079460958", "abroad")
"""London, from the range that the British regulator keeps for drama."""
STRANGERS = (
    Contact("Spam", "+12025550143", "spam"),
    Contact("Spam", "+17025550166", "spam"),
    Contact("Spam", "+18195550187", "spam"),
)
