"""The pages of the FAQ."""
