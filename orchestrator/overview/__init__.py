"""What an operator looks at: how docmill stands, in one look; `docmill api` shows it at `/`.

`views` is its shape; `gathering` reads it, what changes slowly less often; `flow`, `outcomes`, `costs`, `verdicts` work it
out, purely. Nothing is kept between two looks but what saves reading it again: after a restart the page says the same.
"""
