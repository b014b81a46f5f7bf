"""The parts that docmill brings itself where none are configured, and the programs that it starts for its user.

Each is a `Program`: it runs at most once a data folder, in a session of its own, until `docmill down`. `parts` has the
whole; `valkey`, `llm` and `services` know how each is started and when it answers.
"""
