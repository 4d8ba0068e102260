#!/bin/sh
# Make the Python environment in a folder, and install requirements-NAME.txt there, unless that is done.
#     environment.sh PYTHON FOLDER NAME
set -eu
python=$1 folder=$2 name=$3
root=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
    echo "$*" >&2
    exit 1
}

[ -n "$python" ] || fail "Python 3.11 or newer is needed."
"$python" -c 'import ensurepip' 2>/dev/null ||
    fail "$python cannot make virtual environments. Debian, Ubuntu: apt-get install python3-venv"

mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
if command -v flock >/dev/null; then
    flock 9
fi

# A folder without its mark was left half-made.
if [ ! -e "$folder/python.ok" ]; then
    "$python" -m venv --clear "$folder"
    touch "$folder/python.ok"
fi
if [ ! -e "$folder/$name.ok" ]; then
    echo "Installing requirements-$name.txt into $folder" >&2
    # Not compiled: most of it is never imported, and Python compiles what is.
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
        --requirement "$root/requirements-$name.txt" --constraint "$root/constraints.txt"
    touch "$folder/$name.ok"
fi
