"""The machine under a worker: its cards, whose turn a card is, and what it looks like when a memory is full."""
