"""What docmill tells of its work: logs, a document's story, traces."""
