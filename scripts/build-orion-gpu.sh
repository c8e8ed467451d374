#!/usr/bin/env bash
# Builds orion-gpu, the GPU engine without Node, on a machine that has nothing but nvcc and g++.
# usage: scripts/build-orion-gpu.sh [OUTPUT] [nvcc options, default -arch=native]
#   e.g. scripts/build-orion-gpu.sh orion-gpu -gencode=arch=compute_90a,code=sm_90a
# Needs of the repository: native/, package.json and this script.
set -euo pipefail
output=$(realpath -m "${1:-orion-gpu}")
shift || true
cd "$(dirname "$0")/.."
target=("$@")
[ $# -gt 0 ] || target=(-arch=native)

# The lists of native/sources.json whose names are given, one file per line.
sources_of() {
  for list in "$@"; do
    tr -d '\n' <native/sources.json | grep -o "\"$list\": *\[[^]]*\]" | grep -o '"native/[^"]*"' | tr -d '"'
  done | sort -u
}

version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' package.json | head -n 1)
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
export output version objects
printf '%s\n' $(sources_of base timing common cuda executable) |
  xargs -P "$(nproc)" -I{} sh -c 'nvcc -std=c++17 -O3 -DNDEBUG -DORION_VERSION=\"$version\" -I native "$@" -c {} -o "$objects/$(echo {} | tr / _).o"' sh "${target[@]}"
nvcc "${target[@]}" "$objects"/*.o -lpthread -ldl -o "$output"
echo "$output"
