"""What a slot process is made of: its loops, what it sends, when it has lived long enough."""
