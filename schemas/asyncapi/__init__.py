"""The whole contract as one AsyncAPI 3.0 document, made from the catalogue and the topics."""

from schemas.asyncapi.document import VERSION, document

__all__ = ["VERSION", "document"]
