"""Words and layouts that the console and the pages share: titles, labels, amounts, moments. No input or output."""
