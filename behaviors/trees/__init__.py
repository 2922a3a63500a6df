"""Behaviour trees as files: which nodes there are, how a file is checked, how a tree is grown from it."""
