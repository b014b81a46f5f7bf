"""The live page: what people look at in a browser, rendered here, of what Redis holds; nothing is kept.

`pulse` looks once a second for as long as anybody does, however many they are; `blocks` makes the parts of it, `sending`
what has changed of them. `routes` are its addresses; each list has a JSON twin: the same address with
`Accept: application/json`, or the one under `/v1` that it links to.
"""
