"""Texts and layouts that the console and the pages share: titles, labels, amounts, times. No I/O."""
