"""Run by alembic: in the connection, and in the transaction, that `orchestrator.results.migrating` has opened."""

from alembic import context

from orchestrator.results.migrating import VERSIONS
from orchestrator.results.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSIONS)
context.run_migrations()
