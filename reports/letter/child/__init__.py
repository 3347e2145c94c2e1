"""What fills in Word templates, in a process of its own: it may be ended at any moment.

Nothing in here may import anything of the application but its sisters and `models.packages`: the
child owns nothing of the application, and starts soon because it loads nothing else.
"""
