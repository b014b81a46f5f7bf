"""Celery, in an environment of its own: one solo worker, acknowledged late, prefetch 1, results kept."""
