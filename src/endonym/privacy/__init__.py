"""Personal data: found by checksum and context, masked reversibly for the length of a turn."""

from endonym.privacy.find import Found, find
from endonym.privacy.mask import Masker, Unmasker

__all__ = ["Found", "Masker", "Unmasker", "find"]
