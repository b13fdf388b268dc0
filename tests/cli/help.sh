harsan help
harsan --help | diff - /dev/null > /dev/null || echo "some help"
harsan help clean
harsan help check
harsan help rules
harsan --version
