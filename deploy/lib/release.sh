# Versions side by side. A release is a folder of code and the files of its models, named for the version and for what is
# in it; its Python packages lie in an environment that releases with the same requirements share:
#
#   /opt/pagesight/current -> releases/0.1.0-3fa2c1d8e0       what serves
#   /opt/pagesight/previous -> releases/0.1.0-91b0c2aa47      what --rollback goes back to
#   /opt/pagesight/releases/0.1.0-3fa2c1d8e0/.venv -> /opt/pagesight/environments/5d02b61f77
#   /var/cache/pagesight/0.1.0-3fa2c1d8e0/   its models as converted for OpenVINO, which the service writes
# shellcheck shell=bash

RELEASES=$ROOT/releases
ENVIRONMENTS=$ROOT/environments
CACHES=/var/cache/pagesight
CODE=(api scripts requirements pyproject.toml LICENSE deploy/systemd)

release="" environment=""

fetch_model() {
    run env MODEL="$model" PYTHON="$(find_python)" "$checkout/scripts/choose_model.sh" ||
        fail "the files of your model belong into $checkout/weights."
}

# model_files FOLDER: print the names of the models' files there, in whatever format, and of the files that they name.
model_files() { "$(find_python)" "$checkout/scripts/catalogue.py" pack "${model// /}" "$1"; }

# pack: write what a release is made of to stdout, the same bytes for the same content.
pack() {
    local files=("${CODE[@]}") file
    for file in $(model_files "$checkout/weights"); do files+=("weights/$file"); done
    tar --create --directory "$checkout" --exclude __pycache__ --sort=name --mtime=@0 --owner=0 --group=0 \
        --numeric-owner --mode=u=rwX,go=rX "${files[@]}"
}

short_hash() { sha256sum | cut -c 1-10; }

# stage_release: see to it that `release` is a complete folder.
stage_release() {
    local python=""
    if [ -n "$venv" ]; then
        environment=$venv
    else
        python=$(find_python)
        environment=$ENVIRONMENTS/$(environment_name "$python")
    fi
    local version hash
    version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' "$checkout/api/version.py")
    hash=$( (pack && echo "$environment") | short_hash)
    release=$RELEASES/$version-$hash
    if [ -d "$release" ]; then
        note "$(basename "$release") is there"
        return
    fi
    note "$(basename "$release")"
    if [ $dry_run = yes ]; then
        note "would copy the code and the model into $release, and its packages into $environment"
        return
    fi
    rm -rf "$RELEASES"/.staged
    mkdir -p "$RELEASES/.staged"
    pack | tar --extract --directory "$RELEASES/.staged"
    echo "$model" >"$RELEASES/.staged/model"
    ln -s "$environment" "$RELEASES/.staged/.venv"
    if [ -z "$venv" ]; then make_environment "$python"; fi
    "$environment/bin/python" -m compileall -q "$RELEASES/.staged/api"
    mv "$RELEASES/.staged" "$release"
}

# environment_name PYTHON: a name that changes with everything that the environment is made of.
environment_name() {
    (cd "$checkout" && "${1:-true}" -V && cat requirements/*.txt pyproject.toml scripts/setup_python.sh) | short_hash
}

make_environment() {
    if [ -e "$environment/.complete" ]; then return; fi
    "$1" -m venv "$environment"  # here, since it would not write through the link .venv
    "$RELEASES/.staged/scripts/setup_python.sh" "$1" runtime
    touch "$environment/.complete"
}

choose_previous() {
    [ -d "$ROOT/previous/" ] || fail "there is no version before this one to go back to."
    release=$(realpath "$ROOT/previous")
    model=$(cat "$release/model")
    note "$(basename "$release") with the model $model"
}

remove_old_releases() {
    local folder
    for folder in "$RELEASES"/* "$RELEASES"/.staged; do
        is_one_of "$folder" "$ROOT/current" "$ROOT/previous" || remove "$folder"
    done
    for folder in "$ENVIRONMENTS"/*; do
        is_one_of "$folder" "$ROOT/current/.venv" "$ROOT/previous/.venv" || remove "$folder"
    done
    for folder in "$CACHES"/*; do
        [ -d "$RELEASES/$(basename "$folder")" ] || remove "$folder"
    done
}

is_one_of() { [ "$1" -ef "$2" ] || [ "$1" -ef "$3" ]; }
