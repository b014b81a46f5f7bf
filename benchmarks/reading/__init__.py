"""How well and how fast pages are read: word recall and precision beside seconds a page and memory."""
