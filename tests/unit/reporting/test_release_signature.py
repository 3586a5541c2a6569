"""Signature of a release: another library reads the envelope, and no changed byte, type or key passes."""

import base64
import json
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseHead, ReleaseRow, ShownForm
from services.reporting.release.signature import PAYLOAD_TYPE, WrongSignature, key_id, sign_release, verify_release

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD: Final = ReleaseHead(release=1, edition=ReleaseEdition.PUBLIC, period="2024", known_at=5, code="v", policy="p")
ROW: Final = ReleaseRow(
    figure="O9", period="2024", dimensions={}, unit="persons", version=2, known_at=5, form=ShownForm.EXACT, value=7
)
RELEASE: Final = Artefact(head=HEAD, rows=(ROW,))


def changed(envelope: bytes, **more: Any) -> bytes:  # noqa: ANN401
    return json.dumps(json.loads(envelope) | more).encode()


def test_the_same_release_signed_again_has_the_same_bytes_and_gives_itself_back() -> None:
    envelope = sign_release(RELEASE.document(), KEY)
    assert sign_release(RELEASE.document(), KEY) == envelope
    assert verify_release(envelope, KEY.public_key()) == RELEASE


def test_the_envelope_is_dsse_as_its_specification_writes_it() -> None:
    """The bytes that are signed are built here anew, from the words of the specification."""
    said = json.loads(sign_release(RELEASE.document(), KEY))
    payload = base64.b64decode(said["payload"])
    assert payload == RELEASE.document()
    parts = [b"DSSEv1", str(len(PAYLOAD_TYPE)).encode(), PAYLOAD_TYPE.encode(), str(len(payload)).encode(), payload]
    (signature,) = said["signatures"]
    KEY.public_key().verify(base64.b64decode(signature["sig"]), b" ".join(parts))
    assert signature["keyid"] == key_id(KEY.public_key())


def test_no_changed_byte_type_or_key_passes() -> None:
    envelope = sign_release(RELEASE.document(), KEY)
    forged = RELEASE.document().replace(b'"value":7', b'"value":8')
    assert forged != RELEASE.document()
    for wrong, why in (
        (changed(envelope, payload=base64.b64encode(forged).decode()), "did not sign"),
        (changed(envelope, payloadType="text/plain"), "something else"),
        (changed(envelope, signatures=[]), "did not sign"),
        (changed(envelope, signatures=[{"sig": "AAAA"}]), "did not sign"),
        (changed(envelope, payload="?"), "not a signed envelope"),
        (envelope.replace(b'"sig":"', b'"sig":"?'), "not a signed envelope"),
        (envelope[:-20], "not a signed envelope"),
        (b"[]", "not a signed envelope"),
        (sign_release(b"{}", KEY), "content is not a release"),
    ):
        with pytest.raises(WrongSignature, match=why):
            verify_release(wrong, KEY.public_key())
    with pytest.raises(WrongSignature, match="did not sign"):
        verify_release(envelope, Ed25519PrivateKey.generate().public_key())
