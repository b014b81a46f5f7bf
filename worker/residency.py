"""What is loaded in this process: each model once, on first use, by one thread."""

import threading
import time
from typing import Any

from orchestrator.logs import logger
from orchestrator.models import loader_of
from orchestrator.settings import Settings

log = logger(__name__)


class Residents:
    """The models of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: dict[str, Any] = {}
        self._loading = threading.Lock()

    def get(self, name: str) -> Any:
        """The model of that name.

        Raises:
            UsageError: it is not in the catalogue.
        """
        if name not in self._loaded:
            with self._loading:
                if name not in self._loaded:
                    self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Any:
        began = time.monotonic()
        loaded = loader_of(name)(self._settings)
        log.info("model loaded", model=name, seconds=round(time.monotonic() - began, 2))
        return loaded
