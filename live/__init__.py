"""What happens to a contract appears on the open pages of its two parties: docs/live.md.

`announce` is for the actions; `live.app` is the server of streams, a process of its own.
"""

from live.announcing import Kind, announce, say_typing

__all__ = ["Kind", "announce", "say_typing"]
