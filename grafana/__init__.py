"""What watches docmill: dashboards, rules, alerts, and how they are provided to Grafana and Prometheus."""
