from flask_admin import BaseView


def pages() -> list[BaseView]:
    return []
