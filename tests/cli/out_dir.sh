# Several inputs: one that fails does not keep the others from being done; its code is returned.
mkdir in other out
printf '{"log":{"entries":[]}}' > in/a.har
printf '{"log":' > in/b.har
cp in/a.har in/c.har
cp in/a.har other/a.har
harsan clean -q --out-dir out in/a.har in/b.har in/missing.har in/c.har 2> err
echo "exit $?"
cut -d : -f 1-2 err
ls -A out
# two results of one name: nothing is begun
harsan clean -q --force --out-dir in in/a.har other/a.har
echo "exit $?"
harsan clean -q --out-dir nowhere in/a.har
echo "exit $?"
ls -A in
