"""Fixtures of the policy tests."""

from support.fixtures import engine, new_stack, server

__all__ = ["engine", "new_stack", "server"]
