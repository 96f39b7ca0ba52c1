"""Who complained about our texts: reports, the texts that they are about, what was done, the evidence."""
