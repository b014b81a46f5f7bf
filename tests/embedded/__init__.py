"""Tests of the private servers and of how programs are started and ended."""
