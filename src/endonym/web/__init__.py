"""What pages share: phrases, Markdown to safe HTML, styles."""
