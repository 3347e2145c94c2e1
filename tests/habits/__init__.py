"""Sheets in the habits of offices, in other layouts than the examples, each with its outcome."""
