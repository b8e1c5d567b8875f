"""Entry points of the Lambda functions: each parses, calls one use case and answers."""
