"""Figures of suspects: arrest, custody, bail, charge, hearing, trial, sentence, restitution."""
