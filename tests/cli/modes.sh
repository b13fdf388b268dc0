# The finished file follows the umask.
printf '{"log":{"entries":[]}}' > a.har
umask 027
harsan clean -q a.har
umask 777
harsan clean -q a.har -o b.har
ls -l a.sanitized.har a.report.html b.har | cut -c 1-10
