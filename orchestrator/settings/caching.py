"""Settings of the cache of step results."""

from pydantic import ByteSize, Field
from pydantic_settings import BaseSettings


class CachingSettings(BaseSettings):
    """How long results of steps are kept for documents of the same content, and how much of them."""

    cache_ttl: float = Field(default=7 * 86_400.0, ge=1)
    """Seconds for which a result may be used again, where its step does not say."""
    cache_size: ByteSize = Field(default=ByteSize(256 * 2**20), ge=0)
    """Most bytes that kept results take, in Redis and in the blob store together; the longest unused leave. 0 keeps none."""
