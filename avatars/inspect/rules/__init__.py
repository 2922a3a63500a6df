"""One rule a file; each has `find(film)`."""
