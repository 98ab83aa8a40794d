#!/usr/bin/env bash
# Fill the templates beside this file and write nginx.conf and pagesight/*.conf into a folder:
#
#   deploy/nginx/render.sh /etc/nginx DOMAIN=detector.example.org ORIGINS=https://you.github.io
#
# Each NAME=value may be left out but DOMAIN; the defaults below are those of a Debian or Ubuntu server. It starts nothing
# and asks nobody: run `nginx -t` afterwards, and reload.
set -euo pipefail

declare -A word=(
    [DOMAIN]=""                # the name of the server; for any other it answers 421
    [ORIGINS]=""               # as in PAGESIGHT_ALLOWED_ORIGINS: exact origins with commas between, or *
    [TLS]=on                   # on | challenge (no certificate yet) | off (something in front speaks HTTPS)
    [MAX_UPLOAD_MB]=10         # as in PAGESIGHT_MAX_UPLOAD_MB
    [MAX_VIDEO_MB]=""          # as in PAGESIGHT_MAX_VIDEO_MB, if PAGESIGHT_JOBS is on
    [UPSTREAM]=unix:/run/pagesight/gunicorn.sock  # where the API is; several places with spaces between
    [PATIENCE_S]=75            # how long an answer of the API may take
    [CERTIFICATE]=""           # /etc/letsencrypt/live/DOMAIN/fullchain.pem
    [CERTIFICATE_KEY]=""       # /etc/letsencrypt/live/DOMAIN/privkey.pem
    [ACME_ROOT]=/var/www/pagesight-acme  # certbot's --webroot-path
    [USER]=www-data
    [PID]=/run/nginx.pid
    [LOGS]=/var/log/nginx
    [TEMP]=/run/pagesight-nginx  # on a file system in memory
    [VIDEO_TEMP]=/var/lib/nginx/pagesight-videos  # on a disk
    [ADDRESSES]="0.0.0.0 [::]"
    [HTTP_PORT]=80
    [HTTPS_PORT]=443
)

fail() {
    echo "render.sh: $1" >&2
    exit 2
}

# Give the `listen` lines of a server on a port, with options.
listen() {
    local port=$1 options=$2 lines="" address
    for address in ${word[ADDRESSES]}; do
        # nginx would not start with such an address on a machine without IPv6.
        if [[ $address = \[* && ! -e /proc/net/if_inet6 ]]; then continue; fi
        lines+="listen $address:$port$options; "
    done
    echo "${lines% }"
}

template_folder=$(cd "$(dirname "$0")" && pwd)
target=${1:?"say which folder to write into"}
shift
for argument in "$@"; do
    name=${argument%%=*}
    [[ $argument = *=* && -v word[$name] ]] || fail "unknown: $argument"
    word[$name]=${argument#*=}
    [[ ${word[$name]} =~ ^[][A-Za-z0-9._:/,*\ -]*$ ]] || fail "$name has a character that does not belong there"
done
[ -n "${word[DOMAIN]}" ] || fail "say DOMAIN=..."

case ${word[TLS]} in
    on) site=https ;;
    challenge) site=challenge ;;
    off) site=http ;;
    *) fail "TLS is on, challenge or off" ;;
esac
: "${word[CERTIFICATE]:=/etc/letsencrypt/live/${word[DOMAIN]}/fullchain.pem}"
: "${word[CERTIFICATE_KEY]:=/etc/letsencrypt/live/${word[DOMAIN]}/privkey.pem}"

# HTTP/2 is an option of `listen` until nginx 1.25.1, and after it a line of its own.
version=$(PATH="$PATH:/usr/sbin" nginx -v 2>&1 | sed 's|.*nginx/\([0-9.]*\).*|\1|')
if printf '1.25.1\n%s\n' "$version" | sort --version-sort --check=quiet; then
    tls_options=" ssl" http2=" http2 on;"
else
    tls_options=" ssl http2" http2=""
fi
word[LISTEN_HTTP]=$(listen "${word[HTTP_PORT]}" "")
word[LISTEN_HTTP_DEFAULT]=$(listen "${word[HTTP_PORT]}" " default_server backlog=4096")
word[LISTEN_HTTPS]=$(listen "${word[HTTPS_PORT]}" "$tls_options")$http2
word[LISTEN_HTTPS_DEFAULT]=$(listen "${word[HTTPS_PORT]}" "$tls_options default_server backlog=4096")$http2

# The body may be a little larger than the API's own limit, so that its own words reach the page.
word[BODY_LIMIT_MB]=$(awk "BEGIN { print int(${word[MAX_UPLOAD_MB]} + 2) }")
word[OR_VIDEO]=${word[MAX_VIDEO_MB]:+, and ${word[MAX_VIDEO_MB]} MB for a video}
word[VIDEO_LIMIT_MB]=$(awk "BEGIN { print int(${word[MAX_VIDEO_MB]:-0} + 2) }")

servers=""
for place in ${word[UPSTREAM]}; do servers+="server $place; "; done
word[UPSTREAM_SERVERS]=${servers% }

word[ANY_ORIGIN]="" word[ORIGIN_LINES]=""
IFS=', ' read -ra origins <<<"${word[ORIGINS]}"
for origin in "${origins[@]}"; do
    if [ "$origin" = "*" ]; then
        word[ANY_ORIGIN]="*"
    else
        word[ORIGIN_LINES]+="    \"$origin\" \$http_origin;\\n"
    fi
done

program=""
for name in "${!word[@]}"; do
    program+="s|@$name@|${word[$name]}|g;"
done
mkdir -p "$target/pagesight"
sed "$program" "$template_folder/nginx.conf" >"$target/nginx.conf"
for template in "$template_folder"/pagesight/*.conf; do
    sed "$program" "$template" >"$target/pagesight/$(basename "$template")"
done
sed "$program" "$template_folder/sites/$site.conf" >"$target/pagesight/site.conf"
if [ -z "${word[MAX_VIDEO_MB]}" ]; then : >"$target/pagesight/jobs.conf"; fi
