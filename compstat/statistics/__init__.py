"""Pure statistics on numpy arrays: they know nothing of the store, of units or of weeks as dates."""
