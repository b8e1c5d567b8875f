"""The local run: the whole system on one machine, from the same template as in AWS."""
