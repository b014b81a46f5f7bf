"""How docmill stands: what is worked out of what Redis holds."""
