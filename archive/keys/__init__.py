"""Keys of the data: made, wrapped, opened, destroyed. Destroying one destroys everything sealed under it."""
