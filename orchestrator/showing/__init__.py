"""A document on one HTML page that a person can check: pictures, boxes, text, fields beside what they were read from."""
