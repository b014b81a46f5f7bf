"""Choosing the kind of a document, and saying how sure that is."""
