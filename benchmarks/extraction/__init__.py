"""How well fields are extracted: precision and recall on documents with ground truth."""
