"""Library for an agency's own systems: events as Python classes, sent over HTTPS or Kafka, on disk until answered.

client    Client: `publish` adds an event to the spool, `flush` sends the unanswered events and returns the receipts
spool     the office's SQLite file of unanswered events: in order, limited in bytes, safe to send again
http      intake over HTTPS with an API key              kafka   intake over the inbound and delivery topics
referral  a referral's state and the decisions about the agency's moves (over HTTPS)
receipt_and_errors  receipts, and the errors that the client raises

Nothing here needs a service of the deployment, only `schemas`: pip install 'atips[client]'.
"""

from services.client.client import Client
from services.client.connection_file import ConnectionFile, NoConnection
from services.client.http import Http
from services.client.kafka import Kafka
from services.client.receipt_and_errors import AlreadyUsed, Later, NotLetIn, NotTheDoor, Receipt, SpoolFull
from services.client.referral_state import MoveEffect, Referral

__all__ = [
    "AlreadyUsed",
    "Client",
    "ConnectionFile",
    "Http",
    "Kafka",
    "Later",
    "MoveEffect",
    "NoConnection",
    "NotLetIn",
    "NotTheDoor",
    "Receipt",
    "Referral",
    "SpoolFull",
]
