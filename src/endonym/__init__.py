"""Open, checkable localization of AI models, owned by the country."""

__version__ = "0.1.0"
