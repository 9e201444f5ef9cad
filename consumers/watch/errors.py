"""What goes wrong at the page's edge; the messages are for the user."""


class AccountError(ValueError):
    """An account that can't be made as asked; the message says what is asked for."""
