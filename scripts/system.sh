# What the machine itself brings: found by what it offers, not by package name, so that any
# distribution will do; missing things are named as Debian packages. Sourced by scripts/setup.

has_command() { command -v "$1" >/dev/null 2>&1; }

has_library() {
    local cache
    cache=$({ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null) || return 1
    [[ $cache == *"$1 "* ]]
}

has_browser() { has_command chromium || has_command google-chrome || has_command chromium-browser; }

has_chinese_font() {
    [[ -n $(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" \
        \( -iname '*cjk*' -o -iname '*wqy*' -o -iname '*notosanssc*' \) -print -quit 2>/dev/null || true) ]]
}

# Prints the Debian packages that the level needs and the machine lacks.
system_missing() {
    local missing=()
    has_library libEGL.so.1 || missing+=(libegl1)
    has_library libGL.so.1 || missing+=(libgl1)
    has_chinese_font || missing+=(fonts-noto-cjk)
    has_browser || missing+=(chromium)
    if [[ $level != serve ]]; then
        has_command openssl || missing+=(openssl)
        has_command flite || missing+=(flite)
        has_command sox || missing+=(sox)
        has_command ffmpeg || missing+=(ffmpeg)
    fi
    printf '%s' "${missing[*]}"
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    apt-get update -qq >/dev/null 2>&1 || true
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

can_install() { [[ $(id -u) == 0 ]] && has_command apt-get; }

# Tries once for a given list; one package that cannot be had does not keep the others away.
system_install_missing() {
    local missing package tried
    missing=$(system_missing)
    [[ -n $missing ]] && can_install || return 0
    tried=$(cat -- "$marks/apt-tried" 2>/dev/null || true)
    [[ $missing != "$tried" ]] || return 0
    say "Installing from Debian: $missing"
    # shellcheck disable=SC2086
    if ! apt_install $missing; then
        for package in $missing; do
            apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || true
        done
    fi
    return 0
}

system_name_missing() {
    local missing
    missing=$(system_missing)
    if [[ -n $missing ]]; then
        say "Missing on this machine (the rest works without): apt-get install -y --no-install-recommends $missing"
    fi
}
