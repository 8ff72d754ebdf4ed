"""Values that every room shares. No vendor word and no input or output here."""
