# Is the page well made? awk -f html.awk FILE: prints each mistake, exits with 1 when there is any.
#
# Knows the subset that the report is written in: every element is closed but the void ones, attributes
# are in double quotes. Checks that elements are nested, ids stand once, references have their target,
# nothing is run or loaded, and no character is there that steers a terminal or a line of text.
function fail(why) {
    print FILENAME ": " why
    bad = 1
}

function attribute(tag, name,    at) {
    at = match(tag, " " name "=\"[^\"]*\"")
    return at ? substr(tag, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
}

function open_tag(tag, name,    id, k, n, list) {
    if (tag ~ /[ \n]on[a-z]+ *=/ || tag ~ / style=/ || tag ~ / src=/) fail("attribute not allowed: " name)
    if (attribute(tag, "href") ~ /^[^#]/) fail("leads out of the page: " name)
    id = attribute(tag, "id")
    if (id != "" && id in ids) fail("id twice: " id)
    if (id != "") ids[id] = 1
    if (attribute(tag, "for") != "") wanted[attribute(tag, "for")] = 1
    if (attribute(tag, "href") ~ /^#/) wanted[substr(attribute(tag, "href"), 2)] = 1
    n = split(attribute(tag, "aria-labelledby"), list, " ")
    for (k = 1; k <= n; k++) wanted[list[k]] = 1
    if (name !~ /^(meta|input|br|hr|!doctype)$/ && tag !~ /\/>$/) stack[++depth] = name
}

function one_tag(tag,    name) {
    name = tolower(tag)
    sub(/^<\/?/, "", name)
    sub(/[ \n\/>].*/, "", name)
    if (name ~ /^(script|iframe|object|embed|link|img|base|form)$/) fail("element not allowed: " name)
    if (substr(tag, 2, 1) != "/") {
        open_tag(tag, name)
    } else if (depth == 0 || stack[depth] != name) {
        fail("closed but not open: " name)
    } else {
        depth--
    }
}

{ text = text $0 "\n" }

END {
    if (match(text, /<style>[^<]*<\/style>/)) {
        style = substr(text, RSTART, RLENGTH)
        if (style ~ /url\(|@import/) fail("the style loads something")
        text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
    }
    if (text ~ /[\001-\010\013-\037\177]/) fail("a control character")
    if (text !~ /Content-Security-Policy/) fail("no policy")
    while (match(text, /<[^>]*>/)) {
        if (substr(text, 1, RSTART - 1) ~ />/) fail("a bare >")
        tag = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        one_tag(tag)
    }
    if (text ~ /[<>]/) fail("a bare bracket at the end")
    for (id in wanted) if (!(id in ids)) fail("no such id: " id)
    if (depth > 0) fail("not closed: " stack[depth])
    exit bad
}
