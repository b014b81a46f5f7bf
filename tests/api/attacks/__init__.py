"""What somebody who means harm would try; each is refused with a clear error, and nothing is lost."""
