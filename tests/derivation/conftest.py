"""A local Atlan with a small warehouse."""

from support.fixtures import client, server

__all__ = ["client", "server"]
