"""Backstride: measured walking, a progressive regimen and the way to a therapist."""

__version__ = "0.1.0"
