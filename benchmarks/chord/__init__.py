"""The document shop of `examples/coming_from_celery`, both sides: a batch with one broken document, and an urgent one."""
