#!/usr/bin/env bash
# Builds orion-gpu, the GPU engine without Node, on a machine that has nothing but nvcc and g++.
# usage: scripts/build-orion-gpu.sh [OUTPUT] [nvcc options]
#   Without options: for the first GPU of this machine. Elsewhere name the GPU's compute capability, 9.0 with an a:
#   scripts/build-orion-gpu.sh orion-gpu -gencode=arch=compute_90a,code=sm_90a
# Needs of the repository: native/, package.json and this script.
set -euo pipefail
output=$(realpath -m "${1:-orion-gpu}")
shift || true
cd "$(dirname "$0")/.."
target=("$@")
if [ $# = 0 ]; then
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1 | tr -d .)
  if [ -z "$capability" ]; then
    echo "nvidia-smi finds no GPU here: give nvcc's options for the GPU that orion-gpu is meant for (see the top of $0)." >&2
    exit 3
  fi
  [ "$capability" = 90 ] && capability=90a # Hopper's own matrix instructions
  target=("-gencode=arch=compute_$capability,code=sm_$capability")
fi

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
