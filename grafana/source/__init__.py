"""The dashboards and rules as code; `python -m grafana.source` writes the files that Grafana and Prometheus read."""
