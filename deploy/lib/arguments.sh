# The arguments of install.sh. They are kept in a file of lines such as `domain=detector.example.org`, so that an
# update needs none of them; the origins and the model are settings and stay where the service reads them.
# shellcheck shell=bash

ROOT=/opt/pagesight
ANSWERS=$ROOT/answers
SETTINGS=/etc/pagesight.env
KEPT=(domain email venv dns dns_credentials acme_server acme_ca)

domain="" email="" venv="" dns="" dns_credentials="" acme_server="" acme_ca=""
origins="" model="" rollback=no

wrong() {
    explained=yes
    say "install.sh: $*" >&2
    exit 2
}

usage() { sed -n '2,/^set -/s/^# \{0,1\}//p' "$checkout/deploy/install.sh"; }

read_arguments() {
    recall_answers
    while [ $# -gt 0 ]; do
        case $1 in
            --help | -h) usage && exit ;;
            --dry-run) dry_run=yes ;;
            --rollback) rollback=yes ;;
            --domain | --origin | --model | --email | --venv | --dns | --dns-credentials | --acme-server | --acme-ca)
                [ -n "${2:-}" ] || wrong "$1 needs a value after it."
                take "$1" "$2"
                shift
                ;;
            *) wrong "'$1' is no option of it; --help lists them." ;;
        esac
        shift
    done
    : "${origins:=$(setting PAGESIGHT_ALLOWED_ORIGINS)}"
    : "${model:=$(setting PAGESIGHT_MODELS)}"
    : "${model:=$(setting PAGESIGHT_MODEL)}"
    : "${model:=yolov3}"
    [ $rollback = yes ] || check_answers
}

take() {
    case $1 in
        --domain) domain=${2,,} ;;
        --origin) origins=${origins:+$origins,}${2,,} ;; # browsers send it in small letters
        --model) model=$2 ;;
        --email) email=$2 ;;
        --venv) venv=$(realpath -m -s "$2") ;;
        --dns) dns=$2 ;;
        --dns-credentials) dns_credentials=$(realpath -m "$2") ;;
        --acme-server) acme_server=$2 ;;
        --acme-ca) acme_ca=$(realpath -m "$2") ;;
    esac
}

check_answers() {
    local label='[a-z0-9]([a-z0-9-]*[a-z0-9])?' origin name file
    [ -n "$domain" ] || wrong "Say which name this server has: --domain detector.example.org"
    [[ $domain =~ ^($label\.)+$label$ ]] ||
        wrong "--domain is a name such as detector.example.org, and '$domain' is none."
    [[ ! $domain =~ ^[0-9.]+$ ]] || wrong "--domain is a name, not an address such as $domain."
    for origin in ${origins//,/ }; do
        [[ $origin =~ ^(https?://[A-Za-z0-9.-]+(:[0-9]+)?|\*)$ ]] ||
            wrong "--origin is like https://you.github.io, without a path or a / at the end, and '$origin' is not."
    done
    for name in ${model//,/ }; do
        [[ $name =~ ^[A-Za-z0-9_][A-Za-z0-9._-]*$ ]] || wrong "--model is a name such as yolov3, and '$name' is none."
    done
    [[ $email =~ ^([^@ ]+@[^@ ]+\.[^@ ]+)?$ ]] ||
        wrong "--email is an address such as you@example.org, and '$email' is none."
    [[ $acme_server =~ ^(https://[^ ]+)?$ ]] || wrong "--acme-server is an address that begins with https://."
    [[ $dns =~ ^([a-z0-9-]+)?$ ]] || wrong "--dns is the name of a plugin of certbot, such as cloudflare."
    for file in "$dns_credentials" "$acme_ca"; do
        [ -z "$file" ] || [ -f "$file" ] || wrong "There is no file $file."
    done
    [ -z "$venv" ] || [ -x "$venv/bin/python" ] || wrong "--venv: there is no Python at $venv/bin/python."
    [[ ! $venv/ =~ ^/(home|root|run/user)/ ]] ||
        wrong "--venv: the service does not see into /home and /root; an environment in /opt will do."
    [ -n "$origins" ] || say "No --origin is given: no page but the server's own may use it."
}

recall_answers() {
    local key value
    [ -r "$ANSWERS" ] || return 0
    while IFS='=' read -r key value; do
        case " ${KEPT[*]} " in *" $key "*) printf -v "$key" %s "$value" ;; esac
    done <"$ANSWERS"
}

keep_answers() {
    local key
    for key in "${KEPT[@]}"; do printf '%s=%s\n' "$key" "${!key}"; done | write_file "$ANSWERS" || true
}
