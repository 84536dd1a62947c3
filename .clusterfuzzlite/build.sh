#!/usr/bin/env bash
# Builds the targets as .ci/fuzz does, and copies each, with its seeds and the
# dictionary, to the folder where ClusterFuzzLite and OSS-Fuzz look for them.
set -euo pipefail
cd "$SRC/rulespec"
bash .ci/fuzz build
for target in $(cargo fuzz list); do
    cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    cp fuzz/rulespec.dict "$OUT/$target.dict"
    zip --quiet --junk-paths --recurse-paths "$OUT/${target}_seed_corpus.zip" "fuzz/seeds/$target"
done
