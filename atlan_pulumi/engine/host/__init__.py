"""A Pulumi language host for Python: the plugin `pulumi-language-python` of an engine built here.

The engine starts it, reads a port from its first line and asks it over gRPC (`pulumirpc.LanguageRuntime`) to
run programs and policy packs. It needs nothing but Python and the `pulumi` SDK, whose stubs it speaks: it is
copied into the engine's folder as one archive and runs there with any Python that has that SDK. That is why
this package imports nothing from the rest of `atlan_pulumi`.
"""
