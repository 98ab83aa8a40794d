# /etc/pagesight.env, which the service reads and a person edits: written once, and afterwards only the lines that
# install.sh was asked to change.
# shellcheck shell=bash

# setting NAME: print its value in /etc/pagesight.env; nothing if it is not set.
setting() {
    [ -r "$SETTINGS" ] || return 0
    sed -n "s/^$1=//p" "$SETTINGS" | tail -n 1 | tr -d "\"'"
}

# candidate_settings: print the settings as they are to be.
candidate_settings() {
    local lines certificate
    certificate=$(setting PAGESIGHT_CERTIFICATE)
    if [ -r "$SETTINGS" ]; then
        lines=$(cat "$SETTINGS")
    else
        lines="# The settings of Pagesight; README.md lists them all. After a change: sudo deploy/install.sh"
    fi
    case $model in
        *,*) lines=$(with_line "$lines" PAGESIGHT_MODELS "$model") ;;
        *)
            lines=$(with_line "$lines" PAGESIGHT_MODEL "$model")
            if [ -n "$(setting PAGESIGHT_MODELS)" ]; then lines=$(with_line "$lines" PAGESIGHT_MODELS ""); fi
            ;;
    esac
    lines=$(with_line "$lines" PAGESIGHT_ALLOWED_ORIGINS "$origins")
    if [ -n "$domain" ] && [[ -z $certificate || $certificate = /etc/letsencrypt/live/* ]]; then
        lines=$(with_line "$lines" PAGESIGHT_CERTIFICATE "/etc/letsencrypt/live/$domain/fullchain.pem")
    fi
    printf '%s\n' "$lines"
}

# with_line LINES NAME VALUE: print the lines with NAME=VALUE in them, in place of what they had.
with_line() {
    awk -v name="$2" -v line="$2=$3" '
        index($0, name "=") == 1 { if (!done++) print line; next }
        { print }
        END { if (!done) print line }' <<<"$1"
}
