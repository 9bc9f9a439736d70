"""Bundles: pack stacks compiled into one reproducible file, and read back."""

from endonym.bundle.bundle import Bundle
from endonym.bundle.compile import compile_stack
from endonym.bundle.contents import Contents, SpecContents
from endonym.bundle.file import read_bundle, read_bytes, write_bundle

__all__ = ["Bundle", "Contents", "SpecContents", "compile_stack", "read_bundle", "read_bytes", "write_bundle"]
