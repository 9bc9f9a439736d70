"""Language tools: identification, lemmas and sentences."""
