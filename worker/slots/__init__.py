"""What a slot process is made of: its loops, the orders it hears, what it says of itself."""
