"""Scans of letters, good ones and such as are not taken."""

import zlib
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def scan(pages: int = 1, **info: str) -> bytes:
    """A good one; with other `info` it is another file."""
    writer = _writer(pages)
    writer.add_metadata({f"/{name}": value for name, value in info.items()})
    return _bytes(writer)


def with_script() -> bytes:
    return with_action("/JavaScript")


def with_file() -> bytes:
    writer = _writer()
    writer.add_attachment("invoice.exe", b"MZ")
    return _bytes(writer)


def encrypted() -> bytes:
    writer = _writer()
    writer.encrypt("secret", algorithm="AES-256")
    return _bytes(writer)


def with_action(kind: str, key: str = "/OpenAction") -> bytes:
    """Done when the file is opened; `kind` as in `/Launch`."""
    writer = _writer()
    action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("calc.exe")})
    writer.root_object[NameObject(key)] = ArrayObject([action]) if key != "/OpenAction" else action
    return _bytes(writer)


def with_annotation(kind: str) -> bytes:
    writer = _writer()
    note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(kind)})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    return _bytes(writer)


def packed() -> bytes:
    """A script in a packed stream of objects, under a name that is spelled with an escape: no search of bytes finds it.

    Written by hand, since nothing that writes good files writes such a one.
    """
    inside = b"<< /S /J#61vaScript /J#53 (app.alert) >>"
    stream = zlib.compress(b"4 0 " + inside)
    parts = [
        b"1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >> endobj",
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj",
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >> endobj",
        b"5 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n%b\nendstream endobj"
        % (len(stream), stream),
    ]
    raw, places = b"%PDF-1.7\n", {}
    for part in parts:
        places[int(part.split(b" ", 1)[0])] = len(raw)
        raw += part + b"\n"
    rows = [b"\0\0\0\0", *(b"\1" + places[one].to_bytes(2, "big") + b"\0" for one in (1, 2, 3)), b"\2\0\5\0"]
    rows += [b"\1" + places[5].to_bytes(2, "big") + b"\0", b"\1" + len(raw).to_bytes(2, "big") + b"\0"]
    table = zlib.compress(b"".join(rows))
    end = b"6 0 obj << /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >> stream\n" % len(
        table
    )
    return raw + end + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(raw)


def _writer(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(612, 792)
    return writer


def _bytes(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
