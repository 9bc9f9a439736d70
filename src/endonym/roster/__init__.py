"""Rosters: lists of classes with their students, read from OneRoster 1.2 CSV or a plain table, with every fault named."""

from endonym.roster.faults import CODES, Fault
from endonym.roster.model import Roster
from endonym.roster.read import MOST_BYTES, files_of, open_upload, read_roster

__all__ = ["CODES", "MOST_BYTES", "Fault", "Roster", "files_of", "open_upload", "read_roster"]
