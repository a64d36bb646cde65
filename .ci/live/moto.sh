#!/bin/sh
# Collects from moto, an AWS emulator that is not ours: .ci/live/moto.sh [BACKSTOP]
# and reads our own test server with boto3, an AWS client that is not ours.
# Everything runs on 127.0.0.1. The Python packages are installed once, into $VENV.
set -eu
cd "$(dirname "$0")/../.."
VENV=${VENV:-$HOME/.cache/backstop/live}
TARGET=${CARGO_TARGET_DIR:-target}
# Modules that are imported would be left compiled beside their source.
export PYTHONDONTWRITEBYTECODE=1
if ! "$VENV/bin/python" -c 'import boto3, moto.server' 2>/dev/null; then
	python3 -m venv "$VENV"
	"$VENV/bin/pip" install --quiet 'moto[server]>=5.2,<6' 'boto3>=1.40,<2'
fi
cargo build --quiet --bins --example test_server
"$VENV/bin/python" .ci/live/moto.py "${1:-$TARGET/debug/backstop}"
"$VENV/bin/python" .ci/live/boto3_check.py "$TARGET/debug/examples/test_server" tests/server/world.json
