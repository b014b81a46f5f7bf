"""Redis URLs as people may see them: without the password."""

from urllib.parse import urlsplit, urlunsplit


def readable_url(url: str) -> str:
    """The URL with its password masked: for logs, errors and `doctor`."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))
