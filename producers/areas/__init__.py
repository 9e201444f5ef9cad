"""Areas as the intake knows them: provinces and wards of ``schemas/areas``, and of provinces that were loaded."""

from producers.areas.known import Area, Areas, ShippedAreas

__all__ = ["Area", "Areas", "ShippedAreas"]
