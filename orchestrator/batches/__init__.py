"""Batches: documents submitted together, and what is made of them when the last has ended.

`lines` is what comes in, `filling` brings it in, `views` and `outcomes` tell what became of it; `batching` is the
client's side.
"""
