"""The parts the stack is made of, each named after its role and not after a service."""
