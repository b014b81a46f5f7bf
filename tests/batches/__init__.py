"""Batches as their users see them."""
