"""A passkey in software: answers as a browser does."""

import hashlib
import json
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
_PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """One key, made for one account."""

    def __init__(self) -> None:
        self.id = b"a passkey of 16b"
        self.secret = ec.generate_private_key(ec.SECP256R1())

    def answer_to_creation(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what the browser posts when the passkey is made."""
        public = ES256.from_cryptography_key(self.secret.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        flags = _PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_host_hash(), flags, 0, made)
        response = {
            "clientDataJSON": _b64(_said(CollectedClientData.TYPE.CREATE, options)),
            "attestationObject": _b64(AttestationObject.create("none", data, {})),
        }
        return self._posted(response) | {
            "clientExtensionResults": {"credProps": {"rk": True}}
        }

    def answer_to_request(self, options: dict[str, Any], user: Any) -> dict[str, Any]:
        """Return what the browser posts when the passkey is shown."""
        data = AuthenticatorData.create(_host_hash(), _PRESENT_AND_VERIFIED, 1)
        said = _said(CollectedClientData.TYPE.GET, options)
        signed = data + hashlib.sha256(said).digest()
        response = {
            "clientDataJSON": _b64(said),
            "authenticatorData": _b64(data),
            "signature": _b64(self.secret.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": _b64(user_pk_to_url_str(user).encode()),
        }
        return self._posted(response) | {"clientExtensionResults": {}}

    def _posted(self, response: dict[str, Any]) -> dict[str, Any]:
        name = _b64(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
        }


def _said(kind: str, options: dict[str, Any]) -> bytes:
    said = {
        "type": kind,
        "challenge": options["publicKey"]["challenge"],
        "origin": f"http://{HOST}",
    }
    return json.dumps(said).encode()


def _host_hash() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()


def _b64(data: bytes) -> str:
    return websafe_encode(data)
