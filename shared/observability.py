"""Logs and metrics, one way for all. Traces are Lambda's own, without an SDK that a cold start would pay for.

One structured line per outcome, never personal data: no names, no addresses, no paths with tokens in them.
"""

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()


def count(outcome: str, number: int) -> None:
    """Count a business outcome. Nothing is written for none: a metric that is published costs money every month."""
    if number:
        with single_metric(name=outcome, unit=MetricUnit.Count, value=number):
            pass
