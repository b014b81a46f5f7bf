"""The line between a supervisor and a slot: orders go down, what a slot says of itself and where it hangs come up."""
