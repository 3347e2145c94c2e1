"""nginx with our site file in front of a running server, on free ports, as any user."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.served import free_port

ROOT = Path(__file__).parent.parent
SITE = ROOT / "deploy/nginx/huulung.conf"
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def program(name: str) -> str:
    """The path of a program of Debian; they may lie where only root looks."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/lib/systemd")
    assert found, f"{name} is missing: `make operator` says what to install"
    return found


def replaced(text: str, pairs: dict[str, str]) -> str:
    """The file as it is, but for what an operator changes; each must be there to be changed."""
    for old, new in pairs.items():
        assert re.search(old, text), old
        text = re.sub(old, new, text)
    return text


@contextmanager
def in_front_of(port: int, folder: Path) -> Iterator[tuple[int, int]]:
    """Ports of HTTPS and HTTP of an nginx that passes on to `port`."""
    https, http = free_port(), free_port()
    certificate = ["-keyout", "key.pem", "-out", "full.pem", "-subj", "/CN=localhost", "-nodes"]
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-days", "2", *certificate],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    pairs = {
        "127.0.0.1:5000": f"127.0.0.1:{port}",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "baocao.example.vn": "localhost",
        "/etc/ssl/huulung/fullchain.pem": f"{folder}/full.pem",
        "/etc/ssl/huulung/privkey.pem": f"{folder}/key.pem",
        "/var/log/nginx/": f"{folder}/",
    }
    (folder / "site.conf").write_text(replaced(SITE.read_text(), pairs))
    user = "user root;" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, user=user))
    command = [program("nginx"), "-c", str(main), "-e", str(folder / "error.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield https, http
    finally:
        process.terminate()
        process.wait(30)
