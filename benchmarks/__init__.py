"""What docmill costs, measured beside Celery and beside the ceiling in one run: `make bench`. See README.md.

Celery's own environment imports this package too, so nothing but the standard library is imported here.
"""
