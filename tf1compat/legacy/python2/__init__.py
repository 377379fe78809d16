"""What Python 2 meant where Python 3 means something else, for converted programs.

`names` are its builtins, `libraries` its modules whose contents changed; `division`, `ordering`, `text`, `files` and
`attributes` what its operators and methods did.
"""
