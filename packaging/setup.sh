#!/bin/sh
# What `npm run demo`, `npm test` and `npm run bench` call first: makes a fresh Debian with Node 20 and a clone ready.
# Installs missing tools (root only), packages, addon and bundle; does nothing, quickly, when nothing is missing.
# With the argument `tests` it also readies the test runner, with `package` what `npm run package` needs, with `bench` what asks DNS.
set -eu
cd "$(dirname "$0")/.."
wanted=${1-}
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# command:package. Compiler, kernel tools that tests and demo drive, peers of a capture.
TOOLS="g++:g++ make:make python3:python3 ip:iproute2 nft:nftables tcpdump:tcpdump ethtool:ethtool
  iperf3:iperf3 curl:curl ping:iputils-ping ps:procps openssl:openssl socat:socat nsenter:util-linux"
# What the resolver is wired into, which tests run privately; what looks at the package; programs that use services by name (their
# servers would start when installed: tests unpack them); what moves the clock of a daemon.
[ "$wanted" != tests ] || TOOLS="$TOOLS dbus-daemon:dbus-daemon dnsmasq:dnsmasq-base
  debootstrap:debootstrap lintian:lintian mandoc:mandoc miniupnpd:miniupnpd-nftables
  dig:bind9-dnsutils ssh:openssh-client psql:postgresql-client mosquitto_pub:mosquitto-clients
  faketime:faketime"
[ "$wanted" != bench ] || TOOLS="$TOOLS dnsperf:dnsperf"
case $wanted in tests | package) TOOLS="$TOOLS dpkg-shlibdeps:dpkg-dev strip:binutils" ;; esac
# Seals AES-GCM three times faster than OpenSSL; amd64 only, and mcc works without it.
FAST_CRYPTO=libipsec-mb1

say() { echo "mcc setup: $*" >&2; }

# Runs a long command silently, and shows what it said only when it fails.
quietly() {
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then rm -f "$log"; else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

install_packages() {
  # Lists may be absent (a fresh image) or stale; a mirror that is down matters only if the install then fails.
  quietly apt install --no-install-recommends "$@" 2>/dev/null && return
  quietly apt update || true
  quietly apt install --no-install-recommends "$@"
}

missing=''
for tool in $TOOLS; do
  command -v "${tool%%:*}" >/dev/null 2>&1 || missing="$missing ${tool#*:}"
done
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    say "missing packages:$missing"
    say "run once as root: apt-get install$missing"
    exit 1
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    say "install what provides these Debian packages, then try again:$missing"
    exit 1
  fi
  say "installing$missing"
  # shellcheck disable=SC2086
  install_packages $missing || { say "could not install:$missing"; exit 1; }
fi
if [ "$(uname -m)" = x86_64 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 &&
  [ ! -e /usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1 ]; then
  say "installing $FAST_CRYPTO"
  install_packages "$FAST_CRYPTO" 2>/dev/null || say "$FAST_CRYPTO is not available: AES-GCM will be OpenSSL's"
fi

command -v npm >/dev/null 2>&1 || { say 'needs Node.js 20 or newer with npm'; exit 1; }

packages_stale() {
  [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]
}
# A folder counts too: its time changes when a file in it is deleted.
newer_than() {
  target=$1
  shift
  [ ! -e "$target" ] || [ -n "$(find "$@" -path native/build -prune -o -newer "$target" -print -quit)" ]
}
addon_stale() { newer_than native/build/Release/mcc.node native; }
# tap notices that its plugins are not those of .taprc, but its first run still loads the old ones.
RUNNER=node_modules/.cache/tap-built
runner_stale() { [ "$wanted" = tests ] && [ ! -e "$RUNNER" ]; }
bundle_stale() { newer_than dist/mcc.js src packaging/build.ts packaging/bundle.ts package-lock.json; }

if ! packages_stale && ! addon_stale && ! bundle_stale && ! runner_stale; then exit 0; fi

# Two commands started together build once; the second finds it done.
if command -v flock >/dev/null 2>&1; then
  exec 9<package.json
  flock 9
fi
if packages_stale; then
  say 'npm ci, with addon and bundle (a minute or two)'
  quietly npm ci || { say 'npm ci failed'; exit 1; }
fi
PATH="$PWD/node_modules/.bin:$PATH"
# `npm run` hands the places of headers and node-gyp to the build.
if addon_stale; then
  say 'building the addon'
  npm run --silent build -- addon
fi
if bundle_stale; then
  npm run --silent build -- bundle
fi
if runner_stale; then
  quietly tap build || { say 'tap build failed'; exit 1; }
  mkdir -p "${RUNNER%/*}"
  : >"$RUNNER"
fi
