"""What people and clocks do with the FAQ; each door imports the module it needs."""
