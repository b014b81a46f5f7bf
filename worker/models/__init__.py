"""The built-in models: importing a module here enters its loader into the catalogue; loading is up to the worker."""
