"""What runs in a process of its own: it reads files of strangers and may be ended at any moment.

Nothing in here may import anything of the application but its sisters, `limits.py` and the pure
text tables beside this folder: the child starts in 30 ms because it loads nothing else.
"""
