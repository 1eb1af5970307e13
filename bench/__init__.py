"""Measurements: each module prints JSON lines; `make bench` runs them all."""
