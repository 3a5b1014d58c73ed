"""What the API takes and gives, as its document says it; one file for a noun, the ground they share in ``common``."""
