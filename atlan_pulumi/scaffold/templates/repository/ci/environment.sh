# shellcheck shell=bash
# Sourced by the other scripts in the project's folder. Put the project's Python and a Pulumi engine first on PATH.
STACK=${STACK:-prod}

export VIRTUAL_ENV=$PWD/.venv
export PATH=$VIRTUAL_ENV/bin:$PATH
engine=$(atlan-pulumi engine path)
export PATH=$engine:$PATH
