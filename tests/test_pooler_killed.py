"""A real pooler killed again and again under people who save: the program comes back by itself."""

import threading
import time
from contextlib import ExitStack

import click

from app import create_app
from config import Config
from models import db
from tests.crowd import arrange, faults
from tests.durable_postgres import durable_server
from tests.pooler import pooler
from tests.postgres import application_role
from tests.served import served, settings, wait_until

KILLS = 6


def test_a_pooler_that_is_killed_is_said_and_nothing_acknowledged_is_lost(tmp_path):
    with durable_server() as server:
        bound, role = application_role(server.url)
        with pooler(bound, size=5) as pool, ExitStack() as stack:
            address = pool.url.replace("anybody", role)
            program = stack.enter_context(
                served(tmp_path, DATABASE_URL=address, DATABASE_OWNER_URL=server.url)
            )
            with click.Context(click.Command("arrange")):
                app = create_app(Config.from_env(settings(tmp_path, DATABASE_URL=server.url)))
            people, is_over = arrange(app, 3), threading.Event()

            def work(one):
                while not is_over.is_set():
                    if not one.save(program.port):
                        is_over.wait(0.05)

            threads = [threading.Thread(target=work, args=(one,)) for one in people]
            for thread in threads:
                thread.start()
            try:
                for _ in range(KILLS):
                    is_over.wait(1)
                    pool.kill()
                    is_over.wait(0.5)
                    began = time.monotonic()
                    pool.start()
                    wait_until(
                        lambda began=began: any(one.saved_from > began for one in people), "a save"
                    )
            finally:
                is_over.set()
                for thread in threads:
                    thread.join()
            told = set().union(*(one.statuses for one in people))
            assert told == {303, 503}, [one.statuses for one in people]
            assert sum(one.lost_line for one in people) == 0
            with app.app_context():
                assert faults(db.engine, people) == []
                db.engine.dispose()
