"""Breakages of what people are told: corrections, progress, registers, newer templates, working days."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_TELLING = "server/rounds/service/telling.py"
_TOLD = "tests/api/rounds/test_telling.py"

TOLD = (
    Mutant(
        "a round of which no phone was heard is told as missed or done",
        _TELLING,
        ' or (judgement.state == "unheard" and not told):',
        ":",
        f"{_TOLD}::test_a_round_is_told_of_once_when_it_is_over",
    ),
    Mutant(
        "a correction leaves everybody's list when one has seen it",
        _TELLING,
        "        ReportSeen.person_id == person_id, ReportSeen.report_id.in_(reports)\n",
        "        ReportSeen.report_id.in_(reports)\n",
        f"{_TOLD}::test_a_correction_waits_until_each_has_seen_it",
    ),
    Mutant(
        "an excuse takes the correction from who has not seen it",
        _TELLING,
        "    for n in range(len(reports) - 1, 0, -1):",
        "    for n in range(len(reports) - 1, max(0, len(reports) - 2), -1):",
        f"{_TOLD}::test_what_the_office_says_hides_no_correction",
    ),
    Mutant(
        "an excuse stands as the cause of what a late record did",
        _TELLING,
        "    look(session, site=site, occurrences=[occurrence_id], cause=cause, now_ms=now_ms)\n",
        "    del site, cause\n",
        f"{_TOLD}::test_what_the_office_says_hides_no_correction",
    ),
    Mutant(
        "phones hear of a colleague's walk with every scan",
        "server/rounds/service/progress.py",
        "        elif (row.state, row.stops, row.people) == says and row.fed:\n            continue\n",
        "",
        f"{_TOLD}::test_phones_hear_how_far_a_round_is_in_one_row_for_many_scans",
    ),
    Mutant(
        "every part of a long register begins with its first line",
        "server/reports/service/registers.py",
        "    begin = ((part or 1) - 1) * most\n",
        "    begin = 0\n",
        "tests/api/reports/test_files.py::test_a_register_too_long_for_a_paper_comes_in_parts",
    ),
    Mutant(
        "a newer template overwrites what was changed by hand",
        "server/demands/service/renewing.py",
        '            return "by_hand"\n',
        '            return "follows"\n',
        "tests/api/rounds/test_newer_template.py::test_what_nobody_touched_follows_and_what_was_changed_by_hand_stays",
    ),
    Mutant(
        "the library's word of a day goes before the office's",
        "server/sites/holidays.py",
        "        lambda day: words[day] if day in words else _chinese(day),\n",
        "        _chinese,\n",
        "tests/unit/server/test_holidays.py::test_a_word_of_a_day_goes_before_the_librarys_and_before_the_ordinary_week",
    ),
    Mutant(
        "windows stay as they were cut when the office says a year's days",
        "server/rounds/service/cutting.py",
        "literal(CHINESE.edition) + said)",
        "literal(CHINESE.edition))",
        "tests/api/rounds/test_holidays.py::test_a_word_of_the_office_cuts_anew_what_has_not_begun",
    ),
)
