"""A passkey made of software: what an authenticator and a browser answer, or should not."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(told: str) -> bytes:
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))


class SoftKey:
    """One key pair; `origin` and `host` are those of the page that asks, `verified` says that the
    owner gave a PIN or finger; `count` is the number of its uses, which keys that are carried
    from device to device do not count.
    """

    def __init__(self, origin: str = "http://localhost", host: str = "localhost") -> None:
        self.origin, self.host, self.verified, self.count = origin, host, True, 0
        self.counts = True
        self._private = generate_private_key(SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()

    def make(self, options: dict[str, Any]) -> str:
        """The answer to options for a new key."""
        numbers = self._private.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        client = self._client("webauthn.create", options)
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=text(client), attestationObject=text(made), transports=["internal"]
        )

    def prove(self, options: dict[str, Any]) -> str:
        """The answer to options for a proof."""
        self.count += 1 if self.counts else 0
        data, client = self._data(0), self._client("webauthn.get", options)
        signed = self._private.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=text(client), authenticatorData=text(data), signature=text(signed)
        )

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, **response: Any) -> str:
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps(named | {"response": response})
