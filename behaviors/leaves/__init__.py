"""The leaves of a behaviour tree over one `Body`, one idea a file.

None of them waits: `initialise` starts something on the body, `update` polls it, `terminate` cancels it when
a higher branch takes over. Which there are, by the names that files give them, is in `behaviors/trees/registry.py`.
"""
