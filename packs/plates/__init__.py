"""Large plates by matplotlib, drawn as vectors straight onto the page, with the pages' type and colours."""
