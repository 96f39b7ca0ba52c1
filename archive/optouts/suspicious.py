"""Wordings that may mean "do not text me": in English, Spanish and French, on folded text.

Each pattern stands under the first four letters of words of which it needs one. To look for those costs next to
nothing, and most texts have none of them.
"""

import re
from operator import itemgetter
from typing import Final

_NOT_A_VISIT = r"(?! (?:by|at|in|over|here|there|sign|light|on|off|for|and|the car|loss|payment)\b)"

_WORDINGS: Final = {
    "stop": (
        r"\bstop(?:ping)? (?:text|messag|contact|send|writ|bother|spam|harass|call|email|reach|these|this|it|all|now)"
        rf"|\b(?:please|pls|plz|just|must|now|asked you to|said|to) stop\b{_NOT_A_VISIT}"
        r"|\bstop (?:please|pls|plz|thanks|thank you|already|means)"
        rf"|^(?:stop ?){{2,}}$|^stop{_NOT_A_VISIT} (?:\w+ ?){{1,2}}$"
        r"|\bstop (?:de )?(?:m ?envoyer|les|los|a los|mensajes|textos)"
    ),
    "unsu": r"\bunsu(?:b|scrib)",
    "subs": r"\b(?:cancel|end|stop)\w* (?:my |this |the )?subscription",
    "susc desu": r"\bcancel\w* (?:mi |la |esta )?suscripcion|\bdesuscri",
    "remo": r"\bremove (?:me|my|this (?:number|phone)|us)\b",
    "dele": r"\bdelete (?:me|my (?:number|name|phone|contact|cell|info))\b",
    "off": (
        r"\b(?:take|get|drop) (?:me|us|my \w+|this \w+) off\b"
        r"|\boff (?:of )?(?:your|this|that|the) (?:\w+ )?(?:list|lists|texts?)\b"
    ),
    "opt opti opte opto": r"\b(?:want|wish|like|need|please|let me|do|am|im|i|we) (?:to )?opt(?:ing|ed)? (?:me )?out\b"
    r"|\bopt me out\b|\bopting out\b|\bopt out (?:of|from|please|now|me)\b|\boptout (?:of|from|please)\b",
    "not": r"\b(?:do|may|must|could you) not (?:\w+ )?(?:text|messag|contact|write|sms|send|call)",
    "dont": r"\bdont (?:\w+ ){0,2}(?:text|messag|contact|write to me|sms|send me|call)",
    "quit": r"\bquit (?:text|messag|contact|send|writ|bother|spam|call)"
    r"|\bquit(?:en|e|a)me\b|\bquit(?:en|e|a|ar) mi (?:numero|nombre|telefono)",
    "neve": r"\bnever (?:\w+ )?(?:text|messag|contact|write|call)\w* (?:me|us|this)\b",
    "more": r"\bno more (?:\w+ )?(?:text|messag|sms)",
    "alon": r"\bleave (?:me|us) alone\b",
    "lose": r"\blose my (?:number|contact)",
    "wron": r"\bwrong (?:number|person|phone)\b",
    "cons": r"\b(?:revok|withdr|rescind|not|never)\w* (?:\w+ )?(?:\w+ )?consent|\bconsent (?:is )?(?:revoked|withdrawn)"
    r"|\b(?:revoque|annule|revoco|anulo) (?:mon|mi) consent",
    "canc": r"\bcancel (?:all |my |these |the )*(?:texts?|messages?|alerts?|sms)\b",
    "escr envi mand cont text mole llam inte": (
        r"\bno me (?:vuelv\w+ a )?(?:\w+ )?(?:escrib|envi|mand|contact|text|molest|llam)\w*"
        r"|\bno me interesa\w* (?:recibir|mas|sus)"
    ),
    "deja deje": (
        r"\bdej\w* de (?:escribir|enviar|mandar|molestar|contactar|textear|llamar)\w*"
        r"|\bdej\w*me (?:en paz|tranquil)|\bme dej\w* en paz"
    ),
    "borr": r"\bborr(?:en|e|a)me\b|\bborr(?:en|e|a|ar) mi (?:numero|nombre|telefono)",
    "elim": r"\belimin(?:en|e|a)me\b|\belimin(?:en|e|a|ar) mi (?:numero|nombre|telefono)",
    "saqu": r"\bsaq(?:uen|ue)me\b|\bsaq(?:uen|ue) mi (?:numero|nombre)",
    "baja": r"\b(?:darme|darnos|deme|denme|dame|dar|darse|dado) de baja\b",
    "quie": r"\bno quiero (?:\w+ )?(?:recibir|mas|sus) (?:\w+ )?(?:mensaj|texto|sms|avisos|publicidad)",
    "dese": r"\bno deseo (?:\w+ )?(?:recibir|mas|sus)",
    "mas": r"\bno mas (?:\w+ )?(?:mensaj|texto|sms)",
    "mens": r"\b(?:paren|pare|basta|alto) (?:\w+ )?(?:\w+ )?(?:\w+ )?mensajes",
    "equi": r"\b(?:numero|persona) equivocad",
    "reti enle": r"\b(?:retirez|enlevez|enlever?) (?:moi|mon|nous|ce numero)\b|\b(?:retire|retiro) (?:mon|mi) consent",
    "supp": r"\bsupprim\w* (?:moi|mon|mes (?:coordonnees|infos))\b|\bme supprimer\b",
    "effa": r"\beffac\w* (?:moi|mon)\b",
    "arre": r"\barret\w* (?:de |d|ces |les |vos |svp|sil|tout)",
    "cess": r"\bcess\w* de m",
    "desa": r"\bdesabonn",
    "desi": r"\bdesinscri",
    "plus": (
        r"\bne (?:me |m|nous )?(?:\w+ ){0,2}plus (?:\w+ )?(?:ecri|envoy|contact|texter|recev|message|texto|sms)"
        r"|\bn?(?:ecrivez|envoyez|contactez|textez|appelez|derangez)(?: moi)? plus\b"
        r"|\b(?:veux|souhaite|desire|voulons) plus (?:\w+ )?(?:\w+ )?(?:recevoir|messag|texto|sms|etre contact)"
        r"|^plus de (?:message|texto|sms)|\bplus aucun (?:message|texto|sms)"
        r"|\bm ?(?:ecri|envoie|envoy|contact)\w* plus\b"
    ),
    "tran": r"\blaiss\w* (?:moi|nous) tranquille",
    "mauv": r"\bmauvais(?:e)? (?:numero|personne)",
    "faux": r"\bfaux numero",
}

_PATTERNS: Final = tuple((frozenset(starts.split()), re.compile(wording)) for starts, wording in _WORDINGS.items())
_start: Final = itemgetter(slice(4))
_STARTS: Final = frozenset().union(*(starts for starts, _ in _PATTERNS))


def is_suspicious(words: list[str]) -> bool:
    """Whether somebody may be asking not to be texted. `words`: folded, see `wording.fold`."""
    if _STARTS.isdisjoint(map(_start, words)):
        return False
    starts, folded = set(map(_start, words)), " ".join(words)
    return any(pattern.search(folded) for needed, pattern in _PATTERNS if not needed.isdisjoint(starts))
