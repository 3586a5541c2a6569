"""The library for an agency's own systems: events as classes, over HTTP or Kafka, kept on disk until they are answered.

client    Client: publish puts an event into the spool, flush sends what waits and gives the receipts
spool     what an office keeps in one SQLite file: resend-safe, in order, never more than it may
http      the door over HTTPS with the agency's key        kafka   its inbound and its delivery topic
referral  how a referral stands, and what became of the agency's moves (over HTTPS)
receipt   what comes back, and what can stand in the way

Nothing here needs a service of ours, only `schemas`: pip install 'atips[client]'.
"""

from services.client.client import Client
from services.client.connection import ConnectionFile, NoConnection
from services.client.http import Http
from services.client.kafka import Kafka
from services.client.receipt import AlreadyUsed, Later, NotLetIn, NotTheDoor, Receipt, SpoolFull
from services.client.referral import MoveEffect, Referral

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
