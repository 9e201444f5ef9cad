"""Who is who: identifiers to person ids, and the member record under a key per person."""
