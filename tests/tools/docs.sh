#!/bin/sh
# Write the reference of the collection's modules, plugins and roles as HTML.
#     docs.sh FOLDER
set -eu
mkdir -p "$1"
target=$(cd "$1" && pwd)
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT

antsibull-docs collection --use-current --squash-hierarchy --dest-dir "$source" streamward.antmedia
sphinx-build --quiet -b html -C -D project=streamward.antmedia -D html_theme=alabaster -D suppress_warnings=ref.ref \
    -D extensions=sphinx_antsibull_ext "$source" "$target"
echo "$target/index.html"
