"""The pages on which residents and companies file and follow what they filed."""
