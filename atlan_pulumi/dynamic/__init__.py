"""The adapter between Pulumi's dynamic providers and the lifecycle core; see docs/architecture.md."""
