"""What becomes of a worker when something goes wrong, docmill beside Celery solo: `make bench-faults`. See ../README.md.

Celery's own environment imports `journal`, `acts` and what begins with `celery_`: nothing but the standard library there.
"""
