"""Summaries that keep to their length and to what the text says."""
