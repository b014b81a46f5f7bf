"""`docmill batch`: documents by the thousand, submitted, followed and cancelled together."""
