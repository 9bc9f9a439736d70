"""Packs: versioned folders of localization, read strictly and put in order."""
