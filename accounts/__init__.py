"""Who signs in, whom they are as a person, and how surely we know it."""
