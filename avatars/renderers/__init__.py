"""Ways to draw an avatar, each behind `visavis.engines.Renderer`."""
