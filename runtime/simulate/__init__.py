"""A visitor by the script: a whole session on the virtual clock, and what came of it, told line by line."""
