"""How the archive is: a quick look at every part, for pages, programs and monitoring."""
