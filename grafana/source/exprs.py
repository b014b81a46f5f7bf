"""PromQL for docmill's series: every API process says the same, so one of them is taken before anything is summed."""

WINDOW = "5m"


def whole(metric: str, labels: str = "") -> str:
    """A gauge of all of docmill.

    Args:
        labels: matchers, as in `lane="gpu"`.
    """
    return f"max without (instance) ({_of(metric, labels)})"


def rate(metric: str, labels: str = "", window: str = WINDOW) -> str:
    """A counter of all of docmill, a second."""
    return f"max without (instance) (rate({_of(metric, labels)}[{window}]))"


def gained(metric: str, labels: str = "", window: str = WINDOW) -> str:
    """What a counter of all of docmill gained."""
    return f"max without (instance) (increase({_of(metric, labels)}[{window}]))"


def total(expression: str, by: str = "") -> str:
    """Summed, but for these labels."""
    return f"sum by ({by}) ({expression})" if by else f"sum({expression})"


def most(expression: str, by: str = "") -> str:
    """The greatest, but for these labels."""
    return f"max by ({by}) ({expression})" if by else f"max({expression})"


def quantile(share: float, histogram: str, by: str = "", labels: str = "", window: str = WINDOW) -> str:
    """Of a histogram of all of docmill."""
    of = total(rate(f"{histogram}_bucket", labels, window), ", ".join(filter(None, ("le", by))))
    return f"histogram_quantile({share:g}, {of})"


def mean(histogram: str, by: str = "", labels: str = "", window: str = WINDOW) -> str:
    """Of a histogram of all of docmill."""
    parts = (total(rate(f"{histogram}_{word}", labels, window), by) for word in ("sum", "count"))
    return " / ".join(parts)


def _of(metric: str, labels: str) -> str:
    return f"{metric}{{{labels}}}" if labels else metric
