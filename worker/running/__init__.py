"""The road of one job, or of one batch: its arguments, its step under a limit, its outcome."""
