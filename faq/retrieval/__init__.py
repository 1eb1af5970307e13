"""Finding entries for a question: text in, ranked entries out; no database, no web."""
