"""Signature of a release: a DSSE envelope (v1) over its canonical bytes, by an Ed25519 key of the deployment.

An envelope can be checked offline with the public key. Signing a release again gives the same bytes.
"""

import base64
import binascii
from hashlib import sha256
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.reporting.release.artefact import Artefact, WrongArtefact, load

PAYLOAD_TYPE: Final = "application/vnd.atips.release+json"


class WrongSignature(ValueError):
    """Raised if bytes are not an envelope of a release, or if this key did not sign it. The message says which."""


def key_id(key: Ed25519PublicKey) -> str:
    """Return the id of a key: the SHA-256 of its 32 bytes, in hex."""
    return sha256(key.public_bytes_raw()).hexdigest()


def sign_release(document: bytes, key: Ed25519PrivateKey) -> bytes:
    """Sign the canonical bytes of a release and return the envelope as JSON bytes."""
    signature = key.sign(_authenticated(PAYLOAD_TYPE, document))
    envelope = {
        "payload": base64.b64encode(document).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }
    return orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def verify_release(envelope: bytes, key: Ed25519PublicKey) -> Artefact:
    """Check an envelope with a public key and return the release in it. Raises `WrongSignature` if it is not valid."""
    try:
        said: dict[str, Any] = orjson.loads(envelope)
        document = base64.b64decode(said["payload"], validate=True)
        kind, signatures = str(said["payloadType"]), list(said["signatures"])
        found = [base64.b64decode(each["sig"], validate=True) for each in signatures]
    except (orjson.JSONDecodeError, binascii.Error, KeyError, TypeError, ValueError):
        message = "it is not a signed envelope (DSSE)"
        raise WrongSignature(message) from None
    if kind != PAYLOAD_TYPE:
        message = "its envelope has something else than a release"
        raise WrongSignature(message)
    if not any(_signs(key, signature, document) for signature in found):
        message = "this key did not sign these bytes"
        raise WrongSignature(message)
    try:
        return load(document)
    except WrongArtefact as error:
        raise WrongSignature(str(error)) from None


def _signs(key: Ed25519PublicKey, signature: bytes, document: bytes) -> bool:
    try:
        key.verify(signature, _authenticated(PAYLOAD_TYPE, document))
    except InvalidSignature:
        return False
    return True


def _authenticated(kind: str, document: bytes) -> bytes:
    """Return the bytes that are signed: DSSE's pre-authentication encoding of the type and the payload."""
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(document), document)
