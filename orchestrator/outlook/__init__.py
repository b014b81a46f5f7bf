"""What a document waits for, what is ahead of it, until about when; when a lane is empty; what failed for good.

`runs`, `spans`, `estimating`, `forecasting` are arithmetic; `ahead`, `meeting`, `standing`, `paces` read what they need;
`whys`, `lanes` and `dead_letters` are what is asked for, `views` and `words` how it is told.
"""
