"""Empty files to fill in: the columns that the readers know, in Vietnamese, with what each may hold.

``templates.writing.write_template(kind, path, form)``; kinds are in ``templates.columns.TEMPLATES``.
"""
