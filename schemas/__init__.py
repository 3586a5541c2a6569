"""The contract between agencies and services: events, ids, times, topics. Pure, and the only code that services share.

A published type changes in one way: an optional field with a default may be added. A code may be added to a list, with
a new version of the codebook, and readers deployed first. Anything else is a new class beside the old (`…V2`, type
`….v2`) with a pure `upcast_v1_to_v2` between them; both stay in the catalogue for ever, and producers switch last.

How to add an event type:

1. Write its two models, what it says and the event around it, in the module of its area, as schemas/<area>.py (or in
   its package): `type`, `subject`, `data`, `concerns()`. New codes: in schemas/codebook/<area>.py, both labels.
2. Add its line to schemas/type_table/<area>.py: authors, primary kind, stage, both names.
3. Write the meaning of each new field to schemas/meanings/, the source of each new list to schemas/codebook/sources.py,
   and one invented event to schemas/examples/<type>.json. Tests make others from the model by themselves; only where a
   validator ties fields together, say how in tests/unit/schemas/exceptions/<area>.py.
4. Run `pytest tests/contract --update-golden`; read what it wrote to schemas/published/<type>.schema.json.
5. Say what it means: a fold and the figures beside it in a part of services/reporting/domain/figures/ (or its name in
   UNUSED of services/reporting/domain/ledger/fold.py), and one such event in services/demo/. Intake needs nothing:
   it routes by `concerns()`.
"""

from schemas.errors import BadMessage, Reason

__all__ = ["BadMessage", "Reason"]
