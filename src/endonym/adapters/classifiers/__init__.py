"""Classifiers of replies behind a server."""
