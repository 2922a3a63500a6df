"""Who it is: avatar packages, renderers, voices."""
