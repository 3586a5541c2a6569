"""The contract between agencies and services: events, ids, times, topics. Without I/O; all services import it.

A published type changes in one way: an optional field with a default is added. A code is added to a list in a new
version of the codebook, after the readers are deployed. Any other change is a new class beside the old one (`…V2`, type
`….v2`) with a pure function `upcast_v1_to_v2`. Both stay in the catalogue for ever, and producers change last.

docs/how-to.md has the steps for a field, a code list and an event type.
"""

from schemas.errors import BadMessage, Reason

__all__ = ["BadMessage", "Reason"]
