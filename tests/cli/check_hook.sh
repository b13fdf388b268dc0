# A hook of git that looks at what is about to be committed.
t=4f7b5e1c9a8d2e6f0b3c
if ! command -v git > /dev/null; then
    cat "${0%.sh}.err" >&2 # nothing to be tested here
    exec cat "${0%.sh}.out"
fi
export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git init -q repo 2> /dev/null
cd repo || exit
cat > .git/hooks/pre-commit << 'END'
#!/bin/sh
git diff --cached --name-only --diff-filter=ACMR -z | harsan check --files-from -
END
chmod +x .git/hooks/pre-commit
mkdir 'test data'
printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}\n' $t > 'test data/a.har'
echo 'int main(void) { return 0; }' > main.c
git add .
git commit -q -m one > ../log 2>&1 || echo refused
grep -c 'test data/a.har:1:' ../log
git log --oneline 2> /dev/null | grep -q . || echo "nothing committed"
harsan check -q --fix 'test data' > /dev/null || echo fixed
git add .
git commit -q -m one > ../log 2>&1 && echo committed
git ls-files -z | harsan check --files-from -
echo "exit $?"
