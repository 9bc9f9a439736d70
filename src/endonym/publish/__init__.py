"""The public site: every change against the base spec with its reason, for anybody to read and check."""

from endonym.publish.site import write_site

__all__ = ["write_site"]
