"""Settings of the server: few workers with threads, renewed now and then."""

import os

bind = "127.0.0.1:5000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = False
timeout = 120
graceful_timeout = 30
max_requests = 5_000
max_requests_jitter = 500
limit_request_line = 4_094
limit_request_fields = 100
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
