"""Which enterprise a tax code or a social-insurance unit code speaks of."""
