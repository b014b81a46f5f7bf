"""The built-in steps, one a file: treated exactly like a user's own."""
