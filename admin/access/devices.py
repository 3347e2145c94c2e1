"""Where somebody is signed in, in words: the browser and the system, and the kind of network.

The User-Agent is read once, at sign-in, for two words; it is a claim and no proof.
"""

import re
from ipaddress import ip_network

from flask_babel import gettext as _

# what a browser calls itself, the special ones before those they also pretend to be
BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    (r"\bZalo\b", "Zalo"),
    (r"\bFB(AN|AV)\b", "Facebook"),
    (r"\bEdg(e|A|iOS)?/", "Edge"),
    (r"\b(OPR|Opera)\b", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("(Firefox|FxiOS)/", "Firefox"),
    ("(Chrome|CriOS|Chromium)/", "Chrome"),
    (r"Version/\S+.*Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPod", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Macintosh|Mac OS X", "macOS"),
    ("Linux|X11", "Linux"),
)
_READ = 500  # of a User-Agent; nobody needs more to name a browser


def device_of(user_agent: str) -> str:
    """“Firefox/Windows” of a User-Agent; a part that is not known stays empty."""

    def first(known: tuple[tuple[str, str], ...]) -> str:
        return next((name for mark, name in known if re.search(mark, user_agent[:_READ])), "")

    return f"{first(BROWSERS)}/{first(SYSTEMS)}"


def device_in_words(device: str) -> str:
    """The device as people say it."""
    browser, _sep, system = device.partition("/")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A device that does not say what it is")


def place_in_words(address: str) -> str:
    """The network of a sign-in: this machine, the office's own, or the internet; and its
    address. IPv6 is kept as the network of one household.
    """
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        return _("An address that is not known")
    if network.is_loopback:
        return _("The server itself (%(address)s)", address=address)
    if network.is_private or network.is_link_local:
        return _("Internal network (%(address)s)", address=address)
    return _("Internet (%(address)s)", address=address)
