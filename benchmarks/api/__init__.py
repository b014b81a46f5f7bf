"""What the REST API costs, beside a bare FastAPI endpoint that does one EVALSHA."""
