"""Personal data: found by checksum and context, masked reversibly for the length of a turn."""

from endonym.privacy.find import Found, find
from endonym.privacy.mask import Masker, Unmasker, hide
from endonym.privacy.plans import identifier_plan, own_plans
from endonym.privacy.roster import Roster

__all__ = ["Found", "Masker", "Roster", "Unmasker", "find", "hide", "identifier_plan", "own_plans"]
