"""The REST API: stateless, any number of processes; it submits and reads, and never runs a step."""
