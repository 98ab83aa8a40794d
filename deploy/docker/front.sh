#!/usr/bin/env bash
# nginx of compose.yml: answers nobody but the certificate authority until there is a certificate, then everybody, and
# takes up each renewed one. Environment: DOMAIN, ORIGINS; the rest is for a trial on other ports and in other folders.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${FRONT_FOLDER:-/run/front}  # on a file system in memory
certificates=${FRONT_CERTIFICATES:-/etc/letsencrypt/live}
certificate=$certificates/$DOMAIN/fullchain.pem
look_every_s=${FRONT_LOOK_EVERY_S:-30}
nginx=(nginx -c "$folder/nginx.conf" -e stderr)

configure() {
    local tls=challenge
    if [ -e "$certificate" ]; then tls=on; fi
    mkdir -p "$folder/logs"
    ln -sf /dev/stderr "$folder/logs/error.log"
    ln -sf /dev/stdout "$folder/logs/access.log"
    deploy/nginx/render.sh "$folder" DOMAIN="$DOMAIN" ORIGINS="${ORIGINS:-}" MAX_UPLOAD_MB="${MAX_UPLOAD_MB:-10}" \
        MAX_VIDEO_MB="${MAX_VIDEO_MB:-}" VIDEO_TEMP="${FRONT_VIDEO_TEMP:-/var/cache/uploads/videos}" \
        TLS=$tls CERTIFICATE="$certificate" CERTIFICATE_KEY="$certificates/$DOMAIN/privkey.pem" \
        ACME_ROOT="${FRONT_ACME_ROOT:-/var/www/acme}" UPSTREAM="${FRONT_UPSTREAM:-unix:/run/pagesight/gunicorn.sock}" \
        USER="${FRONT_USER:-nginx}" PID="$folder/nginx.pid" LOGS="$folder/logs" TEMP="$folder/temp" \
        ADDRESSES="${FRONT_ADDRESSES:-0.0.0.0 [::]}" HTTP_PORT="${FRONT_HTTP_PORT:-80}" \
        HTTPS_PORT="${FRONT_HTTPS_PORT:-443}"
}

fingerprint() { if [ -e "$certificate" ]; then sha256sum "$certificate"; fi; }

follow_certificate() {
    local now before=$1
    while sleep "$look_every_s"; do
        now=$(fingerprint)
        if [ "$now" = "$before" ]; then continue; fi
        configure
        if "${nginx[@]}" -t; then "${nginx[@]}" -s reload; fi
        before=$now
    done
}

configure
follow_certificate "$(fingerprint)" &
exec "${nginx[@]}" -g "daemon off;"
