"""What everything else stands on: errors, diagnostics, canonical bytes, ids, the clock."""
