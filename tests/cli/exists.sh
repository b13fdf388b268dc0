# What exists stays, unless --force; links to it stay links, its mode stays.
printf '{"log":{"entries":[]}}' > capture.har
echo old > capture.report.html
harsan clean -q capture.har
echo "exit $?"
cat capture.report.html
echo old > out
chmod 640 out
ln -s out link
harsan clean -q capture.har -o link
echo "exit $?"
harsan clean -q --force capture.har -o link
echo "exit $?"
cmp capture.har out
ls -l out link | cut -c 1-10
ls -A
