"""The common language of Visavis: words, clock, errors, configuration, engine protocols, signal.

This package imports nothing of the other parts; every other part may import it.
"""
