"""Reading files: PDF and images to page pictures and text. Heavy libraries are imported inside functions."""
