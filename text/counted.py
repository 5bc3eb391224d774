"""Numbers that need not be exact: beyond a hundred, nobody counts what is new."""

MOST = 99


def at_most(count: int) -> str:
    """Like "7", "99+" beyond that, and nothing for none."""
    return f"{MOST}+" if count > MOST else str(count or "")
