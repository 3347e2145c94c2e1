"""The first page after sign-in."""

from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext as _l

from admin.base import Guarded
from admin.permissions import May


class HomePage(Guarded, AdminIndexView):
    read = May.SEE_HOME

    def __init__(self) -> None:
        super().__init__(name=_l("Home"), url="/admin", endpoint="admin")

    @expose("/")
    def index(self) -> str:
        return self.render("home/index.html")
