"""What an operator types; puts the parts together. May import everything, and nothing imports it."""
