"""What is lost when something dies: `make faults` (ARGS="--times 2", "--only worker"). It writes docs/faults.md.

The site runs as docs/production.md sets it up. People read, write, propose and fund through its proxy without a pause,
and one thing after the other is killed, or its mail server misbehaves. Whoever gets no answer sends the same form once
more; at the end the books are asked what is so.
"""
