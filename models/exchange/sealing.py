"""Backups sealed with age: for the holder of a key (a recipient) or of a passphrase.

A recipient can only seal: who breaks into the server that makes the backups cannot open them.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pyrage  # type: ignore[import-untyped]

from models.base import RuleBroken, _n

_HEAD = b"age-encryption.org/v1"


@dataclass(frozen=True)
class Key:
    """What seals (recipients) or opens (identities), or a passphrase that does both."""

    recipients: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    passphrase: str = ""


def is_sealed(file: Path) -> bool:
    """Whether the file is one that age sealed, by its first bytes."""
    with file.open("rb") as content:
        return content.read(len(_HEAD)) == _HEAD


def seal(file: Path, key: Key) -> Path:
    """The sealed copy of `file` beside it; the file itself goes. A key that only opens seals for
    its holder.
    """
    sealed = file.with_name(f"{file.name}.age")
    os.close(os.open(sealed, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    if key.passphrase:
        sealed.write_bytes(pyrage.passphrase.encrypt(file.read_bytes(), key.passphrase))
        if pyrage.passphrase.decrypt(sealed.read_bytes(), key.passphrase) != file.read_bytes():
            raise RuleBroken(_n("The sealed backup does not open again."))
    else:
        try:
            known = [pyrage.x25519.Recipient.from_str(one) for one in key.recipients] or [
                pyrage.x25519.Identity.from_str(one).to_public() for one in key.identities
            ]
        except (pyrage.RecipientError, pyrage.IdentityError):
            raise RuleBroken(_n("A recipient begins with age1 and was copied whole.")) from None
        pyrage.encrypt_file(str(file), str(sealed), known)
    file.unlink()
    return sealed


def unseal(file: Path, folder: Path, key: Key | None) -> Path:
    """The opened copy of a sealed file in `folder`, which only its owner may enter."""
    if key is None or not (key.passphrase or key.identities):
        raise RuleBroken(
            _n(
                "%(file)s is sealed. Name the file with its key (--identity) or with its "
                "passphrase (--passphrase-file)."
            ),
            file=str(file),
        )
    opened = folder / "opened"
    try:
        if key.passphrase:
            opened.write_bytes(pyrage.passphrase.decrypt(file.read_bytes(), key.passphrase))
        else:
            known = [pyrage.x25519.Identity.from_str(one) for one in key.identities]
            pyrage.decrypt_file(str(file), str(opened), known)
    except (pyrage.DecryptError, pyrage.IdentityError, OSError, ValueError):
        raise RuleBroken(
            _n("%(file)s does not open with this key, or it was altered."), file=str(file)
        ) from None
    return opened


def read_secret(file: Path) -> tuple[str, ...]:
    """The lines of a file with keys or a passphrase, without comments. Never shown, never kept."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found:
        raise RuleBroken(_n("There is no key in %(file)s."), file=str(file))
    return found
