"""One document shop, twice: on Celery, and on docmill. `docs/coming-from-celery.md` shows the two beside each other."""
