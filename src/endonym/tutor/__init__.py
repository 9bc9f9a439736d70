"""The tutor: server-rendered pages for students that work without JavaScript."""

from endonym.tutor.app import tutor_app

__all__ = ["tutor_app"]
