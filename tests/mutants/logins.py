"""Breakages of log-ins: factors, sessions, invitations."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_TESTS = "tests/api/people"
_KEYS = "tests/api/people/test_factor_keys.py"
_FACTORS = f"{_TESTS}/test_factors.py"
_BOTH = f"{_TESTS}/test_logins_on_both_engines.py"

LOGINS = (
    Mutant(
        "six digits are taken again",
        "server/people/totp.py",
        ".where(Totp.person_id == person, Totp.last_step < step)",
        ".where(Totp.person_id == person)",
        f"{_FACTORS}::test_a_code_is_taken_once_and_none_before_it",
    ),
    Mutant(
        "wrong codes are not counted",
        "server/people/second_step.py",
        "    throttle.count_try(session, name=_name(person.id, key), free=FACTOR_TRIES, now_ms=now_ms)\n",
        "",
        f"{_BOTH}::test_guesses_at_the_same_moment_are_all_counted",
    ),
    Mutant(
        "the secret of an app lies in the clear",
        "server/people/factor_keys.py",
        "    return nonce + AESGCM(key).encrypt(nonce, secret, person.bytes)",
        "    return secret",
        f"{_FACTORS}::test_the_secret_is_shown_once_and_lies_encrypted",
    ),
    Mutant(
        "the key of second factors is replaced while somebody still encrypts with it",
        "server/people/factor_keys.py",
        '        session.execute(text(f"LOCK TABLE totp IN {mode} MODE"))\n',
        "        return\n",
        f"{_KEYS}::test_an_app_that_is_set_up_meanwhile_is_not_left_with_the_old_key",
    ),
    Mutant(
        "a second factor is opened with the keys of before alone",
        "server/people/factor_keys.py",
        "        for keys in (held, self.held()):",
        "        for keys in (held,):",
        f"{_KEYS}::test_a_row_that_is_older_or_newer_than_the_keys_opens",
    ),
    Mutant(
        "a challenge may be answered twice",
        "server/people/ceremonies.py",
        "        .values(challenge=None)\n",
        "        .values(challenge=Ceremony.challenge)\n",
        f"{_FACTORS}::test_a_challenge_is_answered_once_and_by_whom_it_was_asked",
    ),
    Mutant(
        "nobody has to be verified by the device",
        "server/people/passkeys.py",
        "            credential_current_sign_count=passkey.sign_count,\n"
        "            require_user_verification=True,",
        "            credential_current_sign_count=passkey.sign_count,",
        f"{_FACTORS}::test_what_a_passkey_must_prove",
    ),
    Mutant(
        "a passkey's counter is not kept",
        "server/people/passkeys.py",
        ".values(sign_count=proof.sign_count, used_ms=now_ms)",
        ".values(used_ms=now_ms)",
        f"{_FACTORS}::test_a_copied_passkey_is_noticed_by_its_counter",
    ),
    Mutant(
        "anybody's passkey is a second step",
        "server/people/second_step.py",
        " or answer.under_way.person_id not in (None, answer.passkey.person_id)",
        "",
        f"{_FACTORS}::test_somebody_elses_passkey_is_no_second_step",
    ),
    Mutant(
        "an administrator needs no second factor",
        "server/people/access.py",
        "    if principal.needs_factor and not unready:\n        raise NeedsFactor()\n",
        "",
        f"{_FACTORS}::test_an_administrator_without_a_factor_may_only_set_one_up",
    ),
    Mutant(
        "rights rise under the same name",
        "server/people/sessions.py",
        "            before_hash=ConsoleSession.token_hash if grace else None,\n",
        "            before_hash=ConsoleSession.token_hash,\n",
        f"{_FACTORS}::test_an_administrator_without_a_factor_may_only_set_one_up",
    ),
    Mutant(
        "an earlier name is as fresh as the new one",
        "server/people/access.py",
        "fresh=held.token_hash == hashed and now_ms",
        "fresh=now_ms",
        f"{_FACTORS}::test_a_passkey_makes_a_session_fresh_under_a_new_name",
    ),
    Mutant(
        "an invitation works for everybody who has it",
        "server/people/invitations.py",
        "        .values(used_ms=now_ms)\n",
        "        .values(used_ms=None)\n",
        f"{_BOTH}::test_of_twenty_who_use_one_invitation_one_wins",
    ),
    Mutant(
        "a new password leaves other browsers logged in",
        "server/people/sessions.py",
        "    ended = end_others(session, person=person.id, but=session_id, now_ms=now_ms)\n",
        "    ended = 0\n",
        f"{_TESTS}/test_own_login.py::test_a_new_password_takes_the_old_one_and_ends_every_other_session",
    ),
    Mutant(
        "who is recovered keeps the password",
        "server/people/recovery.py",
        "    person.password_hash = None  # whoever knew it must not set up the next second factor\n",
        "",
        f"{_BOTH}::test_who_lost_every_way_back_is_let_in_again",
    ),
)
