"""Proves that the tests notice what once slipped by them: `python -m tests.mutants [word …]`.

Each mutant is a small harm to the code. It is done in a copy, found by its text wherever the code
lies by then, and the tests named with it have to fail. Run by hand: it takes some minutes.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("models", "admin", "reports")
# what is harmed: (text, text instead, test that has to fail)
MUTANTS = {
    "a code of the telephone is taken twice": (
        "            if counter <= maker.last_counter <= int(at.timestamp()) // STEP + DRIFT:",
        "            if False:",
        "test_a_code_is_never_taken_twice_nor_one_older_than_it",
    ),
    "a code is taken two steps off": (
        "DRIFT = 1",
        "DRIFT = 2",
        "test_a_code_is_taken_one_step_before_and_after_its_time",
    ),
    "codes are guessed without end": (
        "    wait = wait_for_code(user, at=at)",
        "    wait = 0",
        "test_guesses_are_slowed_wherever_they_come_from",
    ),
    "a recovery code is taken twice": (
        "    if code is None or code.used_at is not None:",
        "    if code is None:",
        "test_a_recovery_code_opens_the_door_once_and_says_how_many_are_left",
    ),
    "accounts are changed without asking again": (
        "    if person is None or person.is_anonymous or is_sure():",
        "    if True:",
        "test_a_copied_cookie_changes_no_account",
    ),
    "the answer holds in every copy of the cookie": (
        'lately and compare_digest(opened.sure_hash, _mark(session.get("sure", "")))',
        "lately",
        "test_a_copy_made_before_the_answer_is_not_sure_after_it",
    ),
    "an answer of a passkey is taken twice": (
        "        if row.last_used_at is not None and issued <= row.last_used_at:",
        "        if False:",
        "test_an_answer_is_taken_once_even_with_the_cookie_of_its_time",
    ),
    "a passkey signs in without its owner": (
        'VERIFIED = {"sign-in": True,',
        'VERIFIED = {"sign-in": False,',
        "test_what_a_passkey_does_not_prove_is_refused",
    ),
    "a copied passkey is taken": (
        "credential_current_sign_count=row.sign_count",
        "credential_current_sign_count=0",
        "test_what_a_passkey_does_not_prove_is_refused",
    ),
    "a passkey of somebody else is a second step": (
        "if row is None or (user is not None and row.user_id != user.id):",
        "if row is None:",
        "test_a_key_of_another_person_is_no_second_step_and_no_proof",
    ),
    "who must have a second step goes on without": (
        "        and not must_set_up(user)\n",
        "",
        "test_who_must_have_one_can_do_nothing_else_before",
    ),
    "a sign-in that was ended goes on": (
        '.where(User.id == number, SignIn.token_hash == bindparam("token_hash"))',
        ".where(User.id == number)",
        "test_all_sign_ins_are_ended_at_the_next_click",
    ),
    "a success does not reset the wait": (
        "        if row.key == own:\n",
        "        if False:\n",
        "test_a_success_ends_the_wait_of_its_own_pair_alone",
    ),
    "the wait does not grow": (
        "self.first * 2 ** min(over, 30)",
        "self.first",
        "test_the_wait_doubles_with_each_wrong_password_up_to_a_quarter_of_an_hour",
    ),
    "addresses are not counted": (
        """        _digest("address", address): ADDRESS,
""",
        "",
        "test_one_address_that_tries_hundreds_of_names_has_to_wait",
    ),
    "attempts at one moment are not counted before the password is looked at": (
        "row.failures, row.last_at = row.failures + 1, at",
        "pass",
        "test_guesses_at_the_same_moment_do_not_overtake_the_count",
    ),
    "no device is known": (
        '_digest("name", name)[:16] in people:',
        "False:",
        "test_a_known_device_is_not_slowed_by_strangers",
    ),
    "a password is composed before it is hashed": (
        "        return _hasher.hash(plain)",
        "        return _hasher.hash(nfc(plain))",
        "test_a_password_is_hashed_sign_for_sign_at_every_door",
    ),
    "published passwords are taken": (
        "    if is_published(plain):",
        "    if False:",
        "test_a_refused_password_is_said_why_and_not_shown_again",
    ),
    "first passwords do not end": (
        "return bool(self.must_change_password and until is not None and at > until)",
        "return False",
        "test_a_first_password_ends_after_days",
    ),
    "a name that nobody has is kept": (
        'label = found.username if found else ""',
        "label = username",
        "test_what_is_typed_as_a_name_and_is_none_is_kept_nowhere",
    ),
    "who is unknown costs no hash": (
        "stored or _dummy) and stored is not None",
        "stored) if stored else False",
        "test_no_answer_tells_which_names_exist",
    ),
    "the audit trail keeps password hashes": (
        'SECRET = frozenset({"password_hash"})',
        "SECRET: frozenset[str] = frozenset()",
        "test_the_audit_trail_notes_that_a_password_changed_and_not_its_hash",
    ),
    "the hash of a backup is not compared": (
        "if sha256_of(database) != manifest.sha256:",
        "if False:",
        "test_a_backup_that_is_not_whole_is_refused_and_nothing_changes",
    ),
    "from_statement passes a narrow session": (
        " or state.is_update or state.is_from_statement:",
        " or state.is_update:",
        "test_statements_that_pass_the_criteria_by_are_refused",
    ),
    "bulk_insert_mappings passes a narrow session": (
        "        self._refuse_bulk()\n        super().bulk_insert_mappings(",
        "        super().bulk_insert_mappings(",
        "test_statements_that_pass_the_criteria_by_are_refused",
    ),
    "bulk_update_mappings passes a narrow session": (
        "        self._refuse_bulk()\n        super().bulk_update_mappings(",
        "        super().bulk_update_mappings(",
        "test_statements_that_pass_the_criteria_by_are_refused",
    ),
    "a mass delete reaches what may only be read": (
        "ids = session.scope.read if state.is_select else session.scope.write",
        "ids = session.scope.read",
        "test_a_mass_delete_spares_what_may_only_be_read",
    ),
    "rows read under a wider scope stay in memory": (
        "                self.expunge(row)\n",
        "                pass\n",
        "test_rows_read_under_a_wider_scope_do_not_answer_from_memory",
    ),
    "exempt until the last day of the period does not count": (
        ".exempt_until >= ",
        ".exempt_until > ",
        "test_an_exemption_until_the_last_day_of_the_period_counts",
    ),
    "the footnote on rounding never appears": (
        "yield sum(map(steps, parts)) != steps(whole)",
        "yield False",
        "test_a_footnote_says_that_rounded_figures_may_not_add_up",
    ),
    "rows whose net is 0 vanish from the explanation": (
        "or_(reported.net != 0, reported.money.completed != 0, reported.money.advance != 0)",
        "reported.net != 0",
        "test_a_row_that_comes_to_nothing_is_shown_all_the_same",
    ),
}


def files_with(text: str, *rooms: Path) -> list[Path]:
    """The files below these folders that hold this text. SystemExit where there is none."""
    files = [file for room in rooms for file in room.rglob("*.py")]
    found = [file for file in files if text in file.read_text(encoding="utf-8")]
    if not found:
        raise SystemExit(f"No file holds {text!r}: put the mutant right")
    return found


def survives(root: Path, old: str, new: str, test: str) -> bool:
    """Whether the test passes although the code is harmed. SystemExit if it did not run."""
    [tests] = files_with(f"def {test}(", root / "tests")
    harmed = {
        file: file.read_text(encoding="utf-8")
        for file in files_with(old, *(root / room for room in ROOMS))
    }
    for file, whole in harmed.items():
        file.write_text(whole.replace(old, new), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", tests, "-k", f"{test} and not postgresql"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    for file, whole in harmed.items():
        file.write_text(whole, encoding="utf-8")
    if done.returncode not in {0, 1} or " error" in done.stdout.splitlines()[-1]:
        raise SystemExit(f"{test} did not run:\n{done.stdout[-2000:]}{done.stderr[-500:]}")
    return done.returncode == 0


def main() -> int:
    alive = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        left_out = shutil.ignore_patterns(".venv", ".git", "instance", "__pycache__")
        shutil.copytree(ROOT, root, ignore=left_out)
        for name, (old, new, test) in MUTANTS.items():
            if len(sys.argv) == 1 or any(word in name for word in sys.argv[1:]):
                is_alive = survives(root, old, new, test)
                print(f"{'SURVIVES' if is_alive else 'killed  '}  {name}", flush=True)
                alive += [name] if is_alive else []
    return len(alive)


if __name__ == "__main__":
    sys.exit(main())
