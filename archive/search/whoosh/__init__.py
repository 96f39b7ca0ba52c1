"""The search index on Whoosh 2.7.4: a folder for each organisation, in it a Whoosh index for each month of expiry."""
