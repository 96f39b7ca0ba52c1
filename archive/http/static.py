"""Styles, script, font and icons. Their address holds a hash of them all, so a browser may keep them for ever.

The hash stands in the folder's place, so that what a style sheet refers to (`../font/…`) has the same address there as
in a page, and is fetched once.
"""

import hashlib
from pathlib import Path

from flask import Flask, send_from_directory
from werkzeug.wrappers import Response

from archive.http.access import public
from archive.http.headers import STATIC

_A_YEAR = 31_536_000
_A_MINUTE = 60


def install_static(app: Flask, folder: Path) -> None:
    version = hash_of(folder)

    @public
    def static(version_asked: str, name: str) -> Response:
        current = version_asked == version
        response = send_from_directory(folder, name, max_age=_A_YEAR if current else _A_MINUTE)
        response.cache_control.public = True
        if current:
            response.cache_control.immutable = True
        return response

    app.add_url_rule("/static/<version_asked>/<path:name>", STATIC, static)
    app.jinja_env.globals["asset"] = lambda path: f"/static/{version}/{path}"


def hash_of(folder: Path) -> str:
    """12 hexadecimal digits over all names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
