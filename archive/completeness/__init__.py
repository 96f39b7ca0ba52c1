"""Whether all that came and went is here: what should be, day by day, against what is stored and what is indexed."""
