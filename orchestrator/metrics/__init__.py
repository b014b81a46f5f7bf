"""Metrics: the one owner of their names. Prefix `docmill_`, base units, `_total` on counters; every label is bounded.

What is said of all of docmill (`counters`, `histograms`, `gauges`) is what Redis holds: so every API process says the same, a
restart loses nothing, and no series names a process. What is one process' own (`of_api`, `of_worker`) it says itself, and
Prometheus' `instance` tells them apart. `usage` names what runs tell with the call that ends them.
`exposing` makes the text of it all.
"""
