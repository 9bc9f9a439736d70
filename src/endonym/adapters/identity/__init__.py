"""Identity providers and learning platforms. Their libraries are imported where the settings name one, and nowhere else."""
