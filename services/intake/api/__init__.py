"""The HTTP API for agencies and their systems.

POST /v1/events                       one event or a batch, structured or binary; ?dry_run=true
GET  /v1/receipts · /v1/receipts/{id} outcomes of the caller's own submissions
GET  /v1/quarantine                   the caller's own refused events, by reason and place
POST /v1/identities                   the shared id of an own number
POST /v1/identities/batch             the shared ids of several own numbers
GET  /v1/referrals/{id}               the state of a referral
GET  /v1/inbox                        messages that were delivered to the caller's agency
GET  /v1/schemas · /v1/codes          the contract: types with their schemas, code lists in English and Spanish
GET  /openapi.json                    all of it as OpenAPI 3.1, without a key
"""
