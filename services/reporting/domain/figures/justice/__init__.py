"""Figures of suspects: arrest, bail, charge, hearing, trial, sentence, restitution, and ties to victims and cases."""
