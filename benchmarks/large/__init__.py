"""Large things: a batch of 50,000 documents with failures in it, a fan-out of 10,000 items."""
