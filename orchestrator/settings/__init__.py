"""Settings: one frozen value, read from the environment; a part a file, all of them together in `whole`."""

from orchestrator.settings.whole import DEFAULT_PIPELINES as DEFAULT_PIPELINES
from orchestrator.settings.whole import Settings as Settings
from orchestrator.settings.whole import load_settings as load_settings
