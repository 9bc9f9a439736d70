"""Stores that search passages outside the index file."""
