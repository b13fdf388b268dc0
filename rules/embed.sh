#!/bin/sh
# Turns rule files into C: embed.sh FILE.json... > rules_builtin.c
set -eu
echo '/* Made by rules/embed.sh from rules/. */'
echo '#include "rule_set.h"'
i=0
for file in "$@"; do
    echo "static const unsigned char text_$i[] = {"
    od -An -v -tu1 "$file" | sed 's/ *\([0-9][0-9]*\)/\1,/g'
    echo '};'
    i=$((i + 1))
done
echo 'const struct hsn_builtin hsn_builtin_rules[] = {'
i=0
for file in "$@"; do
    echo "    {\"$(basename "$file" .json)\", text_$i, sizeof text_$i},"
    i=$((i + 1))
done
echo '};'
echo "const size_t hsn_n_builtin_rules = $i;"
