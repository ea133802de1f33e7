#!/bin/sh
# mcc on the runtime that it was tested with. Nobody's settings for other programs of Node.js reach it.
unset NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE
exec /usr/lib/mcc/node --disable-sigusr1 /usr/lib/mcc/mcc.js "$@"
