"""What happened, told to the people it concerns."""
