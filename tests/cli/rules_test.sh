# The rule file to begin with passes its own examples.
harsan rules init -o mine.json
harsan rules test mine.json
