# What stands in front of the service: nginx, the certificate and its renewal, the firewall, and how long logs are kept.
# shellcheck shell=bash

NGINX=/etc/nginx
LETSENCRYPT=/etc/letsencrypt
ACME_ROOT=/var/www/pagesight-acme

set_up_front() {
    open_firewall
    run mkdir -p $ACME_ROOT
    if [ ! -e "$LETSENCRYPT/live/$domain/fullchain.pem" ]; then
        serve_through_nginx challenge
        get_certificate
    elif [ "$(proved_by)" != "$(to_be_proved_by)" ]; then
        serve_through_nginx on
        get_certificate --force-renewal
    else
        note "there is a certificate for $domain"
    fi
    serve_through_nginx on
    renew_by_itself
}

# find_ports_free: nginx would not start beside another web server, and does not say to whom it lost.
find_ports_free() {
    local port other
    for port in 80 443; do
        other=$(ss -H -l -t -n -p "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | sort -u)
        [[ -z $other || $other = nginx ]] ||
            fail "port $port is taken by $other. End that for good: \`sudo systemctl disable --now $other\`, say."
    done
}

# keep_other_sites: nginx.conf is replaced, so nothing else may be served here.
keep_other_sites() {
    local others=""
    if [ ! -d $NGINX/pagesight ]; then
        others=$(find $NGINX/sites-enabled $NGINX/conf.d -mindepth 1 ! -name default 2>/dev/null || true)
    fi
    [ -z "$others" ] ||
        fail "nginx serves something else on this machine: $others. Take it away, or use a machine of its own."
}

open_firewall() {
    local port
    command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active' || return 0
    for port in 80 443; do
        ufw status | grep -q "^$port/tcp " || run ufw allow "$port/tcp"
    done
}

# serve_through_nginx challenge|on: write nginx's files; have it read them, if they changed and are right.
serve_through_nginx() {
    local folder file changed=no
    if ! PATH=$PATH:/usr/sbin command -v nginx >/dev/null; then
        note "would write $NGINX/nginx.conf and $NGINX/pagesight/ ($1)"
        return
    fi
    folder=$(mktemp -d)
    "$checkout/deploy/nginx/render.sh" "$folder/new" DOMAIN="$domain" ORIGINS="$origins" TLS="$1" ACME_ROOT=$ACME_ROOT \
        MAX_UPLOAD_MB="$(setting PAGESIGHT_MAX_UPLOAD_MB | grep . || echo 10)" MAX_VIDEO_MB="$(max_video_mb)"
    mkdir "$folder/old"
    cp -a $NGINX/nginx.conf "$folder/old/"
    if [ -d $NGINX/pagesight ]; then cp -a $NGINX/pagesight "$folder/old/"; fi
    if [ ! -e $NGINX/nginx.conf.before-pagesight ]; then
        run cp -p $NGINX/nginx.conf $NGINX/nginx.conf.before-pagesight
    fi
    while read -r file; do
        if write_file "$NGINX/$file" <"$folder/new/$file"; then changed=yes; fi
    done < <(cd "$folder/new" && find . -type f -printf '%P\n' | sort)
    if [ $changed = yes ] && [ $dry_run = no ] && ! nginx -t -q; then
        rm -rf $NGINX/pagesight
        cp -a "$folder/old/." $NGINX/
        rm -rf "$folder"
        fail "nginx does not take its new files, for the reason above; the old ones are back."
    fi
    rm -rf "$folder"
    if [ $changed = yes ] || ! systemctl is-active --quiet nginx; then run systemctl reload-or-restart nginx; fi
    systemctl is-enabled --quiet nginx 2>/dev/null || run systemctl enable --quiet nginx
}

# max_video_mb: print how large a video may be; nothing if jobs are off.
max_video_mb() {
    case $(setting PAGESIGHT_JOBS) in
        "" | off) ;;
        *) setting PAGESIGHT_MAX_VIDEO_MB | grep . || echo 200 ;;
    esac
}

# proved_by: print by which plugin of certbot the name is proved at each renewal.
proved_by() { sed -n 's/^authenticator = //p' "$LETSENCRYPT/renewal/$domain.conf"; }

to_be_proved_by() { if [ -n "$dns" ]; then echo "dns-$dns"; else echo webroot; fi; }

# get_certificate [certbot option...]
get_certificate() {
    local how=(--webroot --webroot-path "$ACME_ROOT") who=(--register-unsafely-without-email)
    if [ -n "$dns" ]; then
        how=("--dns-$dns")
        if [ -n "$dns_credentials" ]; then how+=("--dns-$dns-credentials" "$dns_credentials"); fi
    else
        look_from_outside
    fi
    if [ -n "$email" ]; then who=(--email "$email"); fi
    note "asking for a certificate for $domain"
    run env ${acme_ca:+"REQUESTS_CA_BUNDLE=$acme_ca"} certbot certonly --quiet --non-interactive --agree-tos \
        --key-type ecdsa --cert-name "$domain" --domain "$domain" "${who[@]}" "${how[@]}" \
        ${acme_server:+--server "$acme_server"} "$@"
}

# look_from_outside: the authority refuses for an hour after five failures, so see first that the name leads here.
look_from_outside() {
    local name token answer
    if [ $dry_run = yes ]; then return; fi
    getent ahosts "$domain" >/dev/null ||
        fail "no address is known for $domain yet: give it an A record with this machine's address, and wait for it."
    name=pagesight-$RANDOM$RANDOM token=$RANDOM$RANDOM$RANDOM
    mkdir -p "$ACME_ROOT/.well-known/acme-challenge"
    echo "$token" >"$ACME_ROOT/.well-known/acme-challenge/$name"
    answer=$(curl --silent --max-time 10 "http://$domain/.well-known/acme-challenge/$name") || answer=none
    rm -f "$ACME_ROOT/.well-known/acme-challenge/$name"
    case $answer in
        "$token") note "http://$domain/ leads here" ;;
        none) note "this machine does not reach itself as http://$domain/; some networks forbid that, so it goes on" ;;
        *) fail "http://$domain/ is answered by another machine: its A or AAAA record points elsewhere." ;;
    esac
}

renew_by_itself() {
    # For the service to warn before the certificate ends. Private keys are closed by their own mode.
    run chmod 755 $LETSENCRYPT/live $LETSENCRYPT/archive
    printf '#!/bin/sh\n# A renewed certificate is served once it was read.\nnginx -t -q && systemctl reload nginx\n' |
        write_file $LETSENCRYPT/renewal-hooks/deploy/reload-nginx.sh 755 || true
    if [ -n "$acme_ca" ] &&
        printf '[Service]\nEnvironment=REQUESTS_CA_BUNDLE=%s\n' "$acme_ca" |
        write_file /etc/systemd/system/certbot.service.d/pagesight.conf; then
        run systemctl daemon-reload
    fi
    if ! { systemctl is-enabled --quiet certbot.timer && systemctl is-active --quiet certbot.timer; } 2>/dev/null; then
        run systemctl enable --now --quiet certbot.timer
    fi
}

# limit_journal: nginx's own files are kept as /etc/logrotate.d/nginx says.
limit_journal() {
    if printf '[Journal]\nSystemMaxUse=200M\nMaxRetentionSec=1month\n' |
        write_file /etc/systemd/journald.conf.d/pagesight.conf; then
        run systemctl restart systemd-journald
    fi
}
