"""An engine for a checkout, also where only package registries can be reached: `make engine`."""
