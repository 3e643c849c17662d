"""A Pulumi language host for Python: the plugin `pulumi-language-python` of an engine that is built here.

The engine starts it, reads a port from its first line, and asks it over gRPC (`pulumirpc.LanguageRuntime`) to
run programs and policy packs. It needs nothing but Python and the `pulumi` SDK, whose stubs it uses:
`install_host` copies it into the engine's folder as one archive, and it runs there with any Python that has
that SDK. That is why this package imports nothing from the rest of the checkout.
"""

from __future__ import annotations


class HostError(Exception):
    """What was asked cannot be done as the project is set up; its text is the line that the user reads."""
