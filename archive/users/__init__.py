"""Who uses the organisation's numbers, as the telephone system knows them; not who signs in to the archive."""
