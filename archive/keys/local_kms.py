"""Wrapping under a master key of our own: 32 bytes from a file (mode 0600) or the environment."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.core.errors import Conflict, Damaged, NotReady

_NONCE = 12
KEY_BYTES = 32


class LocalWrapper:
    """AES-256-GCM under the master key: nonce, then ciphertext and tag."""

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(master)

    def wrap(self, secret: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, secret, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        try:
            return self._aead.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], context.encode())
        except InvalidTag:
            raise Damaged(
                f"The key {context!r} does not open with this master key.",
                "Put the master key back with which this archive was made; `textarchive doctor` checks it.",
            ) from None


def make_master_key(path: Path) -> None:
    """Write a new master key, create-only, readable by its owner alone, on the disk before this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_secret(path, secrets.token_hex(KEY_BYTES) + "\n")
    except Conflict:
        raise Conflict(f"There is a master key at {path} already.", "It is kept; nothing was written.") from None


def write_secret(path: Path, content: str) -> None:
    """A new file that only its owner may read; never over another one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"There is a {path} already.", "It is kept; nothing was written.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_master_key(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NotReady(
            f"There is no master key at {path}.",
            "`textarchive init` makes one for a new archive; for an existing one put its recovery copy there.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise NotReady(f"The master key {path} can be read by others.", f"Run: chmod 600 {path}")
    return parse_master_key(path.read_text())


def parse_master_key(text: str) -> bytes:
    """32 bytes from 64 hexadecimal digits; spaces and dashes of a printed copy are passed over."""
    digits = "".join(text.split()).replace("-", "")
    try:
        master = bytes.fromhex(digits)
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise NotReady("The master key is not 64 hexadecimal digits.", "Type it again from the recovery copy.")
    return master
