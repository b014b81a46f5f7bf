"""Results in a database: tables, their migrations, writing and reading. SQLAlchemy is imported by these modules only."""
