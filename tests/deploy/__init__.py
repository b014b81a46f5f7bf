"""What is shipped to run docmill on a server, checked as far as it can be without Docker."""
