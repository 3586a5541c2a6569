"""Shared code of deciding services: a batch of copies, the table that stores them, and the process around both."""
