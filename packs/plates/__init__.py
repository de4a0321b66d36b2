"""Large plates by matplotlib, drawn as vectors straight onto the page: same type, same colours, same bytes each time."""
