"""Judgements that several figures share: victim status, owner of a fact, law."""
