"""Tests of reading documents: the built-in steps, helpers and models."""
