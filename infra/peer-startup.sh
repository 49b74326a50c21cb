#!/usr/bin/env bash
# What a peer's machine does at every start. Above this stand the values of this peer, as
# assignments (infra/startup-script.ts). Everything is fetched with the machine's own account, and
# nothing is installed: no package mirror is reached from here. Whatever fails ends this script; then
# nothing answers the health check, and the instance group makes the machine anew.
set -euo pipefail
umask 022

# Elsewhere than at / only in a test.
readonly ROOT="${MPCOMM_ROOT:-}"
readonly HOME_FOLDER=$ROOT/opt/mpcomm
readonly SETTINGS_FOLDER=$ROOT/etc/mpcomm
# In memory, gone with the machine. The unit gets a copy that its user alone can read.
readonly SECRET_FOLDER=$ROOT/run/mpcomm
readonly METADATA=http://metadata.google.internal/computeMetadata/v1
readonly UNIT_FOLDER=$ROOT/etc/systemd/system

# The secret gets its first version when all else is deployed; until then a machine tries this many times.
# A role that was granted a moment ago may take a minute to be known everywhere.
readonly SECRET_ATTEMPTS_MAX=80
readonly OBJECT_ATTEMPTS_MAX=12
readonly PAUSE_SECONDS="${MPCOMM_PAUSE_SECONDS:-10}"

fail() {
  echo "mpcomm: $*" >&2
  exit 1
}

metadata() {
  curl --fail --silent --show-error --retry 5 --retry-connrefused --max-time 20 \
    --header 'Metadata-Flavor: Google' "$METADATA/instance/$1"
}

# The text of one field of a JSON answer on the standard input; both answers read here are flat.
json_text() {
  sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}

# A GET with the machine's account. The header comes from a file: arguments are for all to see.
google() {
  local token
  token=$(metadata service-accounts/default/token | json_text access_token)
  [ -n "$token" ] || return 1
  curl --fail --silent --show-error --retry 3 --max-time 300 \
    --header @<(echo "Authorization: Bearer $token") "$@"
}

# patiently ATTEMPTS COMMAND...: until it succeeds.
patiently() {
  local attempts=$1 attempt
  shift
  for ((attempt = 1; attempt <= attempts; attempt += 1)); do
    if "$@"; then return; fi
    echo "mpcomm: $1 failed (attempt $attempt of $attempts)" >&2
    if ((attempt < attempts)); then sleep "$PAUSE_SECONDS"; fi
  done
  fail "$* did not succeed"
}

matches() {
  [ -f "$1" ] && echo "$2  $1" | sha256sum --check --status --strict
}

# fetch OBJECT GENERATION SHA256 FILE: that version of the object, checked before anything reads it.
fetch() {
  if matches "$4" "$3"; then return; fi
  google --output "$4.part" \
    "https://storage.googleapis.com/storage/v1/b/$BUCKET/o/$1?alt=media&generation=$2" || return 1
  matches "$4.part" "$3" || fail "$1, generation $2, does not have the digest $3"
  mv "$4.part" "$4"
}

# By its number a version is there as soon as it was added; what "latest" means may lag behind for minutes,
# "but may take a few hours": https://cloud.google.com/secret-manager/docs/reference/consistency. Peers that
# read different versions would drop each other's datagrams.
fetch_secret() {
  local url="https://secretmanager.googleapis.com/v1/projects/$PROJECT/secrets/$SECRET/versions/$SECRET_VERSION:access"
  local value
  value=$(google "$url" | json_text data | base64 --decode) || return 1
  [ -n "$value" ] || return 1
  install --directory --mode=0700 "$SECRET_FOLDER"
  (umask 077 && printf '%s' "$value" >"$SECRET_FOLDER/secret")
}

write_settings() {
  local address
  address=$(metadata network-interfaces/0/ip)
  install --directory "$SETTINGS_FOLDER"
  cat >"$SETTINGS_FOLDER/peer.env" <<EOF
NODE_ENV=production
MPCOMM_BACKEND=gcp
MPCOMM_PROJECT=$PROJECT
MPCOMM_TOPIC=$TOPIC
MPCOMM_DATABASE=$DATABASE
MPCOMM_PEER_ID=$PEER_ID
MPCOMM_ZONE=$ZONE
MPCOMM_HOST=$address
MPCOMM_BIND=$address
MPCOMM_PORT=$UDP_PORT
MPCOMM_HEALTH_PORT=$HEALTH_PORT
EOF
}

# What both units may not do. No MemoryDenyWriteExecute: V8 compiles at run time.
hardening() {
  cat <<'EOF'
DynamicUser=yes
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
RemoveIPC=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# Netlink, because Node lists the machine's interfaces through it.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
MemoryMax=80%
TasksMax=64
# The console is what Compute Engine hands on to Cloud Logging: no agent is needed for it.
StandardOutput=journal+console
StandardError=journal+console
EOF
}

# Status 0 means that the daemon was told to exit: it stays down, and the other unit answers the
# health check in its place. 78 means that its settings are wrong: trying again would not help.
write_units() {
  cat >"$UNIT_FOLDER/mpcomm-peer.service" <<EOF
[Unit]
Description=MPComm peer
Wants=network-online.target
After=network-online.target
OnSuccess=mpcomm-exited.service
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=exec
ExecStart=$HOME_FOLDER/node $HOME_FOLDER/peer.mjs
EnvironmentFile=$SETTINGS_FOLDER/peer.env
LoadCredential=secret:$SECRET_FOLDER/secret
Environment=MPCOMM_SECRET_FILE=%d/secret
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=78
TimeoutStopSec=20
$(hardening)
EOF
  cat >"$UNIT_FOLDER/mpcomm-exited.service" <<EOF
[Unit]
Description=MPComm peer that was told to exit: answers its health check, and nothing else
Conflicts=mpcomm-peer.service
After=mpcomm-peer.service

[Service]
Type=exec
ExecStart=$HOME_FOLDER/node $HOME_FOLDER/peer.mjs --exited
EnvironmentFile=$SETTINGS_FOLDER/peer.env
Restart=on-failure
RestartSec=2
$(hardening)
EOF
}

# A burst from 31 peers needs the four megabytes that the daemon asks for; Debian grants 208 KiB.
allow_receive_buffer() {
  echo 'net.core.rmem_max = 4194304' >"$ROOT/etc/sysctl.d/60-mpcomm.conf"
  sysctl --quiet --load="$ROOT/etc/sysctl.d/60-mpcomm.conf"
}

# No package mirror is reached from here, so that looking for updates only costs: minutes of a quarter of a
# processor, at a time that nobody chose, in the middle of a measurement. A machine is updated by being made
# anew. A unit that this image does not have is not missed.
stop_timers() {
  local timer
  for timer in apt-daily apt-daily-upgrade dpkg-db-backup man-db e2scrub_all fstrim; do
    systemctl mask --now --quiet "$timer.timer" || true
  done
  systemctl mask --now --quiet unattended-upgrades.service || true
}

# A Node that does not start, as one that needs a library that this image lacks (Node 25 needs libatomic), is
# told here and not by a daemon that systemd starts again and again.
try_node() {
  "$HOME_FOLDER/node.part" --version || fail "the deployed Node does not start on this machine"
}

main() {
  stop_timers
  install --directory "$HOME_FOLDER"
  patiently "$OBJECT_ATTEMPTS_MAX" \
    fetch "$NODE_OBJECT" "$NODE_GENERATION" "$NODE_SHA256" "$HOME_FOLDER/node.gz"
  patiently "$OBJECT_ATTEMPTS_MAX" \
    fetch "$PEER_OBJECT" "$PEER_GENERATION" "$PEER_SHA256" "$HOME_FOLDER/peer.mjs"
  gunzip --stdout "$HOME_FOLDER/node.gz" >"$HOME_FOLDER/node.part"
  chmod 0755 "$HOME_FOLDER/node.part"
  try_node
  mv "$HOME_FOLDER/node.part" "$HOME_FOLDER/node"
  patiently "$SECRET_ATTEMPTS_MAX" fetch_secret
  write_settings
  allow_receive_buffer
  write_units
  systemctl daemon-reload
  # Not enabled: at the next start of the machine, this script comes first again.
  systemctl restart mpcomm-peer.service
}

main
