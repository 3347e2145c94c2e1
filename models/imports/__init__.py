"""Imports: what a file would change, carried out all or nothing, and taken back."""
