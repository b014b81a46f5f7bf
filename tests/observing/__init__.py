"""What is told of docmill: metrics, dashboards, rules, alerts."""
