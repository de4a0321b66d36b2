"""Printed packs: the room's briefing and each commander's copy. Only this package knows reportlab and matplotlib."""
