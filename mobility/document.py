"""Whether a command has begun its JSON document: an error before that becomes the document, a later one does not."""


class Document:
    """Of the command that runs."""

    begun = False
