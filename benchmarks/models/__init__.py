"""What a resident model, model affinity, batching and a process that stands by bring: `python -m benchmarks.models`."""
