"""The machine under a worker: its cards, and whose turn a card is."""
