"""The built-in pipelines: named in the settings, loaded like a user's own."""
