"""What every engine must do, as tests that anyone can run against their own."""
