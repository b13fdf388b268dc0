#!/bin/sh
# Turns the style of the HTML report into C: cli_css.sh cli_report.css > cli_css.c
# Comments and indents go; quotes and backslashes are escaped.
set -eu
echo '/* Made by src/cli_css.sh from src/cli_report.css. */'
echo '#include "cli_report.h"'
echo 'const char *const cli_css[] = {'
sed -e '/^\/\*.*\*\/$/d' -e '/^$/d' -e 's/^ *//' -e 's/[\\"]/\\&/g' -e 's/.*/    "&\\n",/' "$1"
echo '};'
echo 'const size_t cli_css_lines = sizeof cli_css / sizeof *cli_css;'
