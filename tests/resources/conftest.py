"""A local Atlan with a small warehouse, and stacks under the real engine."""

from support.fixtures import engine, new_stack, server, witness

__all__ = ["engine", "new_stack", "server", "witness"]
