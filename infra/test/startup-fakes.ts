/** What Google's servers would answer, by address; each call is noted, with its headers. */
export const CURL = `#!/bin/sh
output=/dev/stdout
header=
while [ $# -gt 0 ]; do
  case $1 in
    --output) output=$2; shift ;;
    --header) header=$2; shift ;;
    --retry|--max-time) shift ;;
    --*) ;;
    *) url=$1 ;;
  esac
  shift
done
case $header in @*) header=$(cat "\${header#@}") ;; esac
echo "$url ($header)" >>"$FAKES/calls"
case $url in
  */network-interfaces/0/ip) printf 10.64.3.2 ;;
  */token) printf '{"access_token":"a-token","expires_in":3599,"token_type":"Bearer"}' ;;
  */o/node.gz*) [ -f "$FAKES/node.gz" ] && cat "$FAKES/node.gz" >"$output" ;;
  */o/peer.mjs*) cat "$FAKES/peer.mjs" >"$output" ;;
  *:access) [ -f "$FAKES/secret.json" ] && cat "$FAKES/secret.json" ;;
  *) exit 22 ;;
esac
`;

/** Notes how it was called. */
export const NOTE = `#!/bin/sh
echo "$(basename "$0") $*" >>"$FAKES/calls"
`;
