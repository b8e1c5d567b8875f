"""Logs and metrics, one way for all. Traces are Lambda's own, without an SDK that a cold start would pay for.

One structured line per outcome, never personal data: no names, no addresses, no paths with tokens in them. Metrics
count business outcomes.
"""

from aws_lambda_powertools import Logger, Metrics

logger = Logger()
metrics = Metrics()
