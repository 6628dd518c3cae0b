#!/bin/sh
# Between cargo and rustc (RUSTC_WRAPPER). Coverage is measured in our crate and in what it parses with; measured in Burn's kernels too,
# the map of it would be many times as large, each run slower, and new paths would say nothing about a reader.
rustc=$1
shift
case " $* " in
  *" --crate-name gan_atelier"* | *" --crate-name readers "* | *" --crate-name networks "* | *" --crate-name safetensors "* | *" --crate-name csv"* | *" --crate-name miniz_oxide "* | *" --crate-name serde_json "*)
    exec "$rustc" "$@" ;;
esac
before=
for each; do
  shift
  if [ "$before" = -C ]; then
    before=
    case $each in
      passes=sancov-module | llvm-args=-sanitizer-coverage* | codegen-units=1) continue ;;
    esac
    set -- "$@" -C "$each"
  elif [ "$each" = -C ]; then
    before=-C
  else
    set -- "$@" "$each"
  fi
done
exec "$rustc" "$@"
