#!/bin/sh
# Opens the HTML reports of the samples in headless Chromium: browser.sh HARSAN [FOLDER]
#
# Checks that nothing is said on the console (a policy that blocks the style would be), that the page is
# no wider than its window on a phone, and that the style took effect. With FOLDER, pictures of each
# report are left there: light, dark and phone. Without Chromium there is nothing to do.
#   CHROMIUM=path   default: the first of chromium, chromium-browser, google-chrome
set -u
harsan=$1
keep=${2:-}
browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
    echo "browser: no Chromium: nothing tested"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
printf '%032d' 7 > "$work/key"
. "$(dirname "$0")/tally.sh"

run() { # OPTION...: the browser without a screen, its messages in $work/log
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --enable-logging=stderr --v=0 \
        --user-data-dir="$work/profile" --virtual-time-budget=2000 "$@" 2> "$work/log"
}

# The page in a frame of 390 pixels; the frame around it tells how wide the page wants to be.
measure() { # HTML
    cat > "$work/frame.html" << END
<!DOCTYPE html><title>frame</title><iframe id="f" src="$1" width="390" height="800"></iframe>
<script>
addEventListener("load", () => {
    const page = document.getElementById("f").contentDocument;
    const style = page.defaultView.getComputedStyle(page.querySelector("h1"));
    document.title = [page.documentElement.scrollWidth, style.fontWeight].join(" ");
});
</script>
END
    run --allow-file-access-from-files --dump-dom "file://$work/frame.html" |
        sed -n 's/.*<title>\([0-9]* [0-9]*\)<\/title>.*/\1/p'
}

for sample in samples/trouble.har samples/shop-chromium.har samples/nested.har samples/no-log.json; do
    name=$(basename "${sample%.*}")
    "$harsan" clean -q -f --key-file "$work/key" "$sample" -o "$work/out" --report "$work/$name.html" ||
        exit 2
    run --dump-dom "file://$work/$name.html" > "$work/dom"
    ! grep -i 'CONSOLE' "$work/log"
    judge "$name: nothing on the console" $?
    got=$(measure "$work/$name.html")
    [ "$got" = "390 650" ] || [ "$got" = "375 650" ]
    judge "$name: width and weight of a heading on a phone: ${got:-none}" $?
    if [ -n "$keep" ]; then
        mkdir -p "$keep"
        run --window-size=1280,4000 --screenshot="$keep/$name.light.png" "file://$work/$name.html"
        run --window-size=1280,4000 --force-dark-mode --blink-settings=preferredColorScheme=0 \
            --screenshot="$keep/$name.dark.png" "file://$work/$name.html"
        run --window-size=500,4000 --screenshot="$keep/$name.phone.png" "file://$work/$name.html"
    fi
done
tally
