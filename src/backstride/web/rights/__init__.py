"""What a walker may do with all that is kept about them: take it along, or delete it."""
