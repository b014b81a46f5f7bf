"""The worker: who keeps whom alive, the road of one job, and the built-in pipelines with their steps."""
