"""Engines and parts that do exactly what a test scripts, behind the real protocols."""
