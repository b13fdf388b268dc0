# Which files are looked at, in which order, and what the exit code says. A secret is a cookie here.
har() { # VALUE
    printf '{"log":{"version":"1.2","entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}\n' "$1"
}
secret=4f7b5e1c9a8d2e6f0b3c
mkdir -p a/b a/node_modules .git
har $secret > a/1.har
har "" > a/2.har
har $secret | gzip -c > a/b/3.har.gz
har $secret > a/b/4.json
har $secret > a/node_modules/5.har
har $secret > .git/6.har
har $secret > a/b/7.txt
printf '{"name": "no HAR", "token": "%s"}\n' $secret > a/package.json
printf '// no JSON at all\n' > a/tsconfig.json
ln -s ../a a/b/loop
echo "- a directory"
harsan check a
echo "exit $?"
echo "- the current one, with excludes"
harsan check -q . --exclude node_modules/ --exclude '*.json' --exclude '!a/b/4.json'
echo "exit $?"
echo "- a clean one"
harsan check a/2.har
echo "exit $?"
echo "- named: whatever its name is, each once, and standard input"
har $secret | harsan check -q a/b/7.txt a/b/../b/7.txt a/package.json -
echo "exit $?"
echo "- named, but only HARs"
harsan check -q --only-har a/b/7.txt a/package.json
echo "exit $?"
echo "- lists: lines, CR LF, NUL, standard input"
printf 'a/1.har\na/b/7.txt\na/package.json\na/b/4.json' > list
harsan check -q --files-from list
printf 'a/1.har\r\n' | harsan check -q --files-from -
printf 'a/1.har\0a/2.har\0' | harsan check -q --files-from - a/b
echo "- nothing there, nothing to do"
mkdir empty
harsan check empty
echo "exit $?"
harsan check a/missing.har a/1.har
echo "exit $?"
printf 'a/gone.har\n' | harsan check -q --files-from -
echo "exit $?"
echo "- broken ones never pass, and the others are told"
har $secret | head -c 60 > a/b/0.har
har $secret | head -c 60 > a/b/0.json
printf 'not a HAR {"log": 1, "entries": 2}' > a/b/9.json
head -c 40 a/b/3.har.gz > a/b/8.har.gz
harsan check a/b
echo "exit $?"
echo "- one at a time or many: the same"
harsan check -j 1 a > one 2>&1
harsan check -j 7 a > seven 2>&1
cmp one seven && echo same
