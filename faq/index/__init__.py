"""The index: arrays mapped from files, built by a worker, swapped as one, searched."""
