#!/bin/sh
# Write the reference of the collection's modules, plugins and roles as HTML.
#     docs.sh FOLDER
set -eu
mkdir -p "$1"
target=$(cd "$1" && pwd)
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT

chmod go-w "$source"
antsibull-docs sphinx-init --use-current --squash-hierarchy --lenient \
    --dest-dir "$source" streamward.antmedia >/dev/null
mkdir -p "$source/rst"
antsibull-docs collection --use-current --squash-hierarchy --dest-dir "$source/rst" streamward.antmedia
sphinx-build --quiet -b html -c "$source" "$source/rst" "$target"
echo "$target/index.html"
