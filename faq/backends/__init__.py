"""Adapters to the outside: encoders, language models, translators, by dotted path."""
