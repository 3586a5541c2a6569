"""The contract between agencies and services: events, ids, times, topics. Pure, and the only code that services share.

A published type changes in one way: an optional field with a default may be added. A code may be added to a list, with
a new version of the codebook, and readers deployed first. Anything else is a new class beside the old (`…V2`, type
`….v2`) with a pure `upcast_v1_to_v2` between them; both stay in the catalogue for ever, and producers switch last.

docs/how-to.md has the steps for a field, a code list and an event type.
"""

from schemas.errors import BadMessage, Reason

__all__ = ["BadMessage", "Reason"]
