"""`tf1compat check`: what of TensorFlow 1 a program uses, and what `tf1compat run` will make of it, without running it.

`sources` reads files and notebooks. `symbols` finds what names of TensorFlow a syntax tree uses, and where, with
`expressions`, `meanings` and `scopes` below it. `verdicts` says what each name means here, by `tf1compat.tables` and by
the installed TensorFlow's files (`installed`), and `arguments` what of a call is refused; `imports` what else a program
needs. `report` puts that together for a file, and `text`, `page` and `data` write it.

Nothing here imports TensorFlow.
"""
