"""The learning dialogue as a state machine, shared by the guide and by model engines."""

from endonym.pedagogy.cues import Cues
from endonym.pedagogy.dialogue import Guidance, fold
from endonym.pedagogy.sense import Sense, Sensed

__all__ = ["Cues", "Guidance", "Sense", "Sensed", "fold"]
