"""Fields by choice: candidates are found in the text, ranked by what stands near them, and one of them is taken.

A value that is not on the page cannot come out: see `evidence`.
"""
