# An example that does not hold is named by its rule and number, and never shown.
cat > own.json << 'END'
{"rules": [{"id": "badge", "what": "Badge", "category": "id", "where": ["key"], "names": ["badge"],
  "hit": ["badge={10 digits}", "badgers={10 digits}", "\u0007bell\\={10 digits}"],
  "miss": ["bag={10 digits}", "badge={8 alnum}"]}]}
END
harsan rules test own.json
echo "exit $?"
harsan rules show badge --rules own.json
