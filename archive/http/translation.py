"""The words of the pages. English is the source; other languages follow as catalogues."""

from babel.support import NullTranslations
from flask import Flask

_ENGLISH = NullTranslations()


def install_translation(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _ENGLISH.ugettext, _ENGLISH.ungettext, newstyle=True
    )


def _(message: str, **values: object) -> str:
    """For words that views write themselves: `_("%(name)s is disabled.", name=person.name)`."""
    translated: str = _ENGLISH.ugettext(message)
    return translated % values if values else translated


def ngettext(one: str, several: str, num: int) -> str:
    """Like `_`, for a number: `ngettext("%(num)d day", "%(num)d days", 400)`."""
    translated: str = _ENGLISH.ungettext(one, several, num)
    return translated % {"num": num}
