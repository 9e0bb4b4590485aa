#!/bin/sh
# embed.sh DIST: prints a C source that embeds the files listed in DIST/files.txt (api/web_files.h).
# Without the list the table is empty. Called by make.
dist=$1
echo '// Made from src/web/dist by src/web/embed.sh.'
echo '#include "api/web_files.h"'
embed() { # SYMBOL FILE
    printf '__asm__(".section .rodata\\n.balign 16\\n.globl %s\\n%s:\\n.incbin \\"%s\\"\\n.globl %s_end\\n%s_end:\\n.byte 0\\n.previous\\n");\n' \
        "$1" "$1" "$2" "$1" "$1"
    printf 'extern const unsigned char %s[], %s_end[];\n' "$1" "$1"
}
number=0
rows=
tab=$(printf '\t')
if [ -f "$dist/files.txt" ]; then
    while IFS=$tab read -r name type cache gzip brotli; do
        embed "web_gzip_$number" "$dist/$gzip"
        embed "web_brotli_$number" "$dist/$brotli"
        immutable=0
        [ "$cache" = immutable ] && immutable=1
        rows="$rows    {\"$name\", \"$type\", $immutable, web_gzip_$number, web_gzip_${number}_end, web_brotli_$number, web_brotli_${number}_end},
"
        number=$((number + 1))
    done <"$dist/files.txt"
fi
printf 'const WebEmbedded web_embedded[] = {\n%s    {0},\n};\n' "$rows"
