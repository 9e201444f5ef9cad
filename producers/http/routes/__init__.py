"""Addresses below ``/v1``, one file each kind."""
