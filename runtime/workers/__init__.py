"""Worker processes: the launcher that keeps them, and the services that run in them."""
