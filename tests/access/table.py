"""The matrix, written by hand: one line per route and method, and who may.

    method  route  who  status  body

*Who*: a letter in its column, or a dot. A administrator, S supervisor, L team leader, D desk, W worker,
C contractor, V viewer. A capital may, and is answered with *status*; a small letter may as well, but what
the address names is not theirs: 404. A dot is refused: 403 to who sees the site, 404 to a worker, who sees
none. `*` behind the status: only after a fresh log-in. `public` needs no log-in. What phones send stands in
a table of its own (`test_phones.py`).

A status of 4xx is that of a request that was allowed and asks for what cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tests.access.world import ROLES

SITE = "/api/v1/sites/<uuid:site_id>"

CONSOLE = f"""
GET    /api/v1/session                                      public    401
POST   /api/v1/session                                      public    401   login
DELETE /api/v1/session                                      ASLDWCV   204
POST   /api/v1/session/code                                 public    422   nothing
POST   /api/v1/session/passkey/ask                          public    200   nothing
POST   /api/v1/session/passkey                              public    422   nothing
POST   /api/v1/session/refresh                              ASLDWCV   422   nothing
POST   /api/v1/session/refresh/ask                          ASLDWCV   404   nothing
POST   /api/v1/first-run                                    public    409   first_run
POST   /api/v1/invitation/look                              public    410   invitation
POST   /api/v1/invitation/accept                            public    410   accept

GET    /api/v1/me/login                                     ASLDWCV   200
POST   /api/v1/me/password                                  ASLDWCV   422*  nothing
POST   /api/v1/me/recovery-codes                            Asldwcv   201*  nothing
DELETE /api/v1/me/sessions/<uuid:session_id>                asldwcv   204
POST   /api/v1/me/sessions/end-others                       ASLDWCV   204   nothing
POST   /api/v1/me/totp                                      ASLDWCV   201*  nothing
POST   /api/v1/me/totp/confirm                              ASLDWCV   401*  code
DELETE /api/v1/me/totp                                      Asldwcv   409*
POST   /api/v1/me/passkeys/ask                              ASLDWCV   200*  nothing
POST   /api/v1/me/passkeys                                  ASLDWCV   422*  nothing
DELETE /api/v1/me/passkeys/<uuid:passkey_id>                asldwcv   204*

GET    /api/v1/people                                       A......   200
POST   /api/v1/companies                                    A......   201   company
PATCH  /api/v1/companies/<uuid:company_id>                  A......   200   company
GET    /api/v1/sites                                        ASLDWCV   200
POST   /api/v1/sites                                        A......   201   site

GET    /api/v1/holidays                                     ASLDWCV   200
POST   /api/v1/holidays                                     A......   201   holidays
POST   /api/v1/holidays/look                                A......   200   holidays

GET    {SITE}                                               ASLD..V   200
PATCH  {SITE}                                               AS.....   200   name
GET    {SITE}/maps                                          ASLD..V   200
POST   {SITE}/maps                                          AS.....   422   nothing
PATCH  {SITE}/maps/<uuid:map_id>                            AS.....   200   name
DELETE {SITE}/maps/<uuid:map_id>                            AS.....   204
GET    {SITE}/maps/<uuid:map_id>/image                      ASLD..V   200
POST   {SITE}/maps/<uuid:map_id>/image                      AS.....   415   nothing
POST   {SITE}/maps/<uuid:map_id>/pins                       AS.....   200   pin
GET    {SITE}/zones                                         ASLD..V   200
POST   {SITE}/zones                                         AS.....   201   name
PATCH  {SITE}/zones/<uuid:zone_id>                          AS.....   200   name
GET    {SITE}/checkpoints                                   ASLD..V   200
POST   {SITE}/checkpoints                                   AS.....   201   place
PATCH  {SITE}/checkpoints/<uuid:place_id>                   AS.....   200   name
GET    {SITE}/assets                                        ASLD..V   200
POST   {SITE}/assets                                        AS.....   201   place
GET    {SITE}/assets/register                               ASLD...   200
GET    {SITE}/assets/completeness                           ASLD...   200
POST   {SITE}/assets/needs                                  AS.....   200   needs
GET    {SITE}/assets/<uuid:asset_id>                        ASLD...   200
PATCH  {SITE}/assets/<uuid:asset_id>                        AS.....   200   name
GET    {SITE}/assets/register.csv                           ASLD...   200
GET    {SITE}/assets/register.xlsx                          ASLD...   200
GET    {SITE}/assets/imports                                AS.....   200
POST   {SITE}/assets/imports                                AS.....   415   nothing
GET    {SITE}/assets/imports/<uuid:import_id>               AS.....   200
DELETE {SITE}/assets/imports/<uuid:import_id>               AS.....   204
POST   {SITE}/assets/imports/<uuid:import_id>/take          AS.....   200   import_part
GET    {SITE}/assets/imports/<uuid:import_id>/faults.csv    AS.....   200
GET    {SITE}/assets/availability                           ASLD...   422
GET    {SITE}/assets/<uuid:asset_id>/running                ASLD...   200
POST   {SITE}/assets/<uuid:asset_id>/running                AS.....   201   running
GET    {SITE}/assets/<uuid:asset_id>/documents              ASLD...   200
GET    {SITE}/documents                                     ASLD...   200
POST   {SITE}/documents                                     AS.....   422   nothing
PATCH  {SITE}/documents/<uuid:document_id>                  AS.....   200   title
DELETE {SITE}/documents/<uuid:document_id>                  AS.....   204
POST   {SITE}/documents/<uuid:document_id>/file             AS.....   415   nothing
GET    {SITE}/documents/<uuid:document_id>/file             ASLD...   200
GET    {SITE}/duties                                        ASLD...   200
GET    {SITE}/assets/<uuid:asset_id>/duties                 ASLD...   200
POST   {SITE}/assets/<uuid:asset_id>/duties                 AS.....   201   duty
PATCH  {SITE}/duties/<uuid:duty_id>                         AS.....   200   name
POST   {SITE}/duties/<uuid:duty_id>/done                    AS.....   201   done
DELETE {SITE}/duties/<uuid:duty_id>/done/<uuid:done_id>     AS.....   200
GET    {SITE}/take-over                                     ASLD...   200
POST   {SITE}/take-over                                     AS.....   409   take_over
POST   {SITE}/take-over/checks                              AS.....   201   take_over_checks
POST   {SITE}/take-over/end                                 AS.....   200
POST   {SITE}/assets/<uuid:asset_id>/photo                  AS.....   415   nothing
DELETE {SITE}/assets/<uuid:asset_id>/photo                  AS.....   204
GET    {SITE}/pictures/<sha256>                                   ASLD...   200
GET    {SITE}/parts                                         ASLD...   200
POST   {SITE}/parts                                         AS.....   201   part
GET    {SITE}/parts/<uuid:part_id>                          ASLD...   200
PATCH  {SITE}/parts/<uuid:part_id>                          AS.....   200   name
GET    {SITE}/parts/<uuid:part_id>/moves                    ASLD...   200
POST   {SITE}/parts/<uuid:part_id>/moves                    AS.....   201   stock_move
GET    {SITE}/parts/reorder                                 ASLD...   200
GET    {SITE}/parts/reorder/csv                             ASLD...   200
GET    {SITE}/parts/reorder/pdf                             ASLD...   200
GET    {SITE}/parts/reorder/xlsx                            ASLD...   200
GET    {SITE}/upkeep                                        ASLD...   200
POST   {SITE}/upkeep                                        AS.....   201   upkeep
GET    {SITE}/upkeep/templates                              ASLD...   200
GET    {SITE}/upkeep/year                                   ASLD...   422
GET    {SITE}/upkeep/year/pdf                               ASLD...   422
GET    {SITE}/upkeep/year/xlsx                              ASLD...   422
GET    {SITE}/upkeep/<uuid:rule_id>                         ASLD...   200
PATCH  {SITE}/upkeep/<uuid:rule_id>                         AS.....   200   name
POST   {SITE}/upkeep/<uuid:rule_id>/skip                    AS.....   404   upkeep_why
POST   {SITE}/upkeep/<uuid:rule_id>/advance                 AS.....   404   upkeep_why
GET    {SITE}/assets/<uuid:asset_id>/upkeep                 ASLD...   200
GET    {SITE}/stock/costs                                   ASLD...   422
GET    {SITE}/stock-takes                                   ASLD...   200
POST   {SITE}/stock-takes                                   AS.....   409   nothing
GET    {SITE}/stock-takes/<uuid:take_id>                    ASLD...   200
POST   {SITE}/stock-takes/<uuid:take_id>/counts             AS.....   201   tally
POST   {SITE}/stock-takes/<uuid:take_id>/settle             AS.....   200   drop
GET    {SITE}/assets/<uuid:asset_id>/parts                  ASLD...   200
GET    {SITE}/meters                                        ASLD...   200
POST   {SITE}/meters                                        AS.....   201   meter
PATCH  {SITE}/meters/<uuid:meter_id>                        AS.....   200   name
GET    {SITE}/meters/<uuid:meter_id>/chart                  ASLD...   200
GET    {SITE}/meters/<uuid:meter_id>/readings               ASLD...   200
POST   {SITE}/meters/<uuid:meter_id>/readings               AS.....   201   meter_reading
POST   {SITE}/meters/<uuid:meter_id>/exchanges              AS.....   201   meter_exchange
POST   {SITE}/meters/<uuid:meter_id>/corrections            AS.....   404   meter_correction
GET    {SITE}/meters/<uuid:meter_id>/csv                    ASLD...   200
GET    {SITE}/meters/<uuid:meter_id>/xlsx                   ASLD...   200
GET    {SITE}/lamps                                         ASLD..V   200
GET    {SITE}/ledger                                        ASLD...   200
GET    {SITE}/ledger/pdf                                    ASLD...   200
GET    {SITE}/ledger/xlsx                                   ASLD...   200
GET    {SITE}/ledger/csv                                    ASLD...   200
POST   {SITE}/ledger/targets                                AS.....   200   target
GET    {SITE}/teams                                         ASLD..V   200
POST   {SITE}/teams                                         AS.....   201   name
PATCH  {SITE}/teams/<uuid:team_id>                          AS.....   200   name
GET    {SITE}/tags                                          AS.....   200
POST   {SITE}/tags/reprint                                  AS.....   201   reprint
GET    {SITE}/tags/sheet.pdf                                AS.....   200
GET    {SITE}/tags/<uuid:tag_id>.png                        AS.....   200
GET    {SITE}/forms                                         ASLD..V   200
POST   {SITE}/forms                                         AS.....   201   form
POST   {SITE}/forms/pictures                                AS.....   415   nothing
PATCH  {SITE}/forms/<uuid:form_id>                          AS.....   200   name
GET    {SITE}/routes                                        ASLD..V   200
POST   {SITE}/routes                                        AS.....   201   route
PATCH  {SITE}/routes/<uuid:route_id>                        AS.....   200   name
GET    /api/v1/service-plans                                ASLDWCV   200
GET    /api/v1/templates                                    ASLDWCV   200
GET    {SITE}/service-plan                                  ASLD..V   200
POST   {SITE}/service-plan/look                             AS.....   200   template
POST   {SITE}/service-plan                                  AS.....   200   template
POST   {SITE}/service-plan/newer/look                       AS.....   200   newer
POST   {SITE}/service-plan/newer                            AS.....   200   newer
POST   {SITE}/service-plan/copy/look                        AS.....   422   copy
POST   {SITE}/service-plan/copy                             AS.....   422   copy
GET    {SITE}/plans                                         ASLD..V   200
POST   {SITE}/plans                                         AS.....   201   plan
PATCH  {SITE}/plans/<uuid:plan_id>                          AS.....   200   name
POST   {SITE}/plans/preview                                 AS.....   200   preview
GET    {SITE}/plans/<uuid:plan_id>/calendar                 ASLD..V   200
POST   {SITE}/special-rounds                                AS.....   201   special
GET    {SITE}/posts                                         ASLD..V   200
POST   {SITE}/posts                                         AS.....   201   post
PATCH  {SITE}/posts/<uuid:post_id>                          AS.....   200   name
DELETE {SITE}/posts/<uuid:post_id>                          AS.....   204

GET    {SITE}/report                                        ASLD..V   200
GET    {SITE}/report/rounds                                 ASLD..V   200
GET    {SITE}/report/corrections                            ASLD..V   200
GET    {SITE}/report/served                                 ASLD..V   200
GET    {SITE}/report/people                                 ASL..C.   200
GET    {SITE}/report/people/<uuid:person_id>/rounds        ASL..c.   200
GET    {SITE}/report/places                                 ASLD..V   200
GET    {SITE}/report/trend                                  ASLD..V   200
GET    {SITE}/report/pdf                                    ASLD..V   200
GET    {SITE}/report/xlsx                                   ASLD..V   200
GET    {SITE}/report/csv                                    ASLD..V   200
GET    {SITE}/report/chat                                   ASLD..V   200
GET    {SITE}/registers/pdf                                 ASL..C.   422
GET    {SITE}/registers/xlsx                                ASL..C.   422
GET    {SITE}/registers/csv                                 ASL..C.   422
GET    {SITE}/closings                                      ASLD..V   200
POST   {SITE}/closings                                      AS.....   201   close
PATCH  {SITE}/reporting                                     AS.....   200   reporting

GET    {SITE}/board                                         ASLD..V   200
GET    {SITE}/occurrences/<uuid:occurrence_id>              ASLD..V   200
POST   {SITE}/occurrences/<uuid:occurrence_id>/excuse       AS.....   200   why
GET    {SITE}/occurrences/<uuid:occurrence_id>/comments     ASLD...   200
POST   {SITE}/occurrences/<uuid:occurrence_id>/comments     ASLD...   201   comment
GET    {SITE}/occurrences/<uuid:occurrence_id>/papers       ASL..C.   200
POST   {SITE}/occurrences/<uuid:occurrence_id>/papers       AS.....   200   paper
POST   {SITE}/papers/photos                                 AS.....   415   nothing
GET    {SITE}/papers/photos/<sha256>                        AS.....   404
POST   {SITE}/corrections/seen                              ASLD...   404   seen
POST   {SITE}/occurrences/<uuid:occurrence_id>/stops/<uuid:stop_id>/skip  AS.....   409   skip
GET    {SITE}/visits                                        ASL..C.   200
GET    {SITE}/visits/<visit_id>                             ASL..c.   200
GET    {SITE}/photos/<sha256>                               ASL..c.   200
GET    {SITE}/findings                                      ASLD.C.   200

GET    {SITE}/orders                                        ASLD.C.   200
POST   {SITE}/orders                                        ASLD...   201   order
GET    {SITE}/orders/board                                  ASLD.C.   200
GET    {SITE}/orders/candidates                             ASLD...   200
GET    {SITE}/orders/policy                                 ASLD.C.   200
PATCH  {SITE}/orders/policy                                 AS.....   200   order_policy
GET    {SITE}/orders/log                                    ASLD.C.   200
GET    {SITE}/orders/log/csv                                ASLD.C.   200
GET    {SITE}/orders/log/xlsx                               ASLD.C.   200
GET    {SITE}/orders/log/pdf                                ASLD.C.   200
GET    {SITE}/orders/<uuid:order_id>                        ASlD.c.   200
POST   {SITE}/orders/<uuid:order_id>/acts                   ASlD...   200   order_act
GET    {SITE}/assets/<uuid:asset_id>/orders                 ASLD.C.   200
GET    {SITE}/quarantine                                    AS.....   200
POST   {SITE}/rescue                                        AS.....   422*  rescue

GET    {SITE}/people                                        ASL..C.   200
POST   {SITE}/people                                        AS.....   201   person
POST   {SITE}/people/known                                  A......   409   known
PATCH  {SITE}/people/<uuid:person_id>                       AS.....   200   trade
DELETE {SITE}/people/<uuid:person_id>                       AS.....   204
POST   {SITE}/people/<uuid:person_id>/certificates          AS.....   201   certificate
DELETE {SITE}/people/<uuid:person_id>/certificates/<uuid:certificate_id>  AS.....   204
GET    {SITE}/companies                                     AS.....   200
GET    {SITE}/invitations                                   A......   200
DELETE {SITE}/invitations/<uuid:invitation_id>              A......   204
POST   {SITE}/people/<uuid:person_id>/invitation            A......   409*  nothing
GET    {SITE}/people/<uuid:person_id>/login                 A......   200
POST   {SITE}/people/<uuid:person_id>/login/end-sessions    A......   200*  nothing
POST   {SITE}/people/<uuid:person_id>/login/reset-factors   A......   200*  nothing

POST   {SITE}/badges                                        AS.....   200   badges
DELETE {SITE}/badges/<uuid:person_id>                       AS.....   204
GET    {SITE}/people/<uuid:person_id>/data                  A......   200*
GET    {SITE}/people/<uuid:person_id>/data/copy             A......   200*
POST   {SITE}/people/<uuid:person_id>/data/erase            A......   409*  erase
GET    {SITE}/audit                                         AS.....   200
GET    {SITE}/audit/choices                                 AS.....   200
GET    {SITE}/audit/csv                                     AS.....   200*
GET    /api/v1/audit                                        A......   200
GET    /api/v1/audit/choices                                A......   200
GET    /api/v1/audit/csv                                    A......   200*
GET    /api/v1/retention                                    A......   200
PATCH  /api/v1/retention                                    A......   200*  retention

GET    {SITE}/devices                                       AS.....   200
GET    {SITE}/devices/<uuid:device_id>                      AS.....   200
POST   {SITE}/devices/<uuid:device_id>/drain                AS.....   200*  why
POST   {SITE}/devices/<uuid:device_id>/keep                 AS.....   409*  nothing
POST   {SITE}/devices/<uuid:device_id>/revoke               AS.....   200*  why
POST   {SITE}/devices/<uuid:device_id>/wipe                 AS.....   409*  wipe
POST   {SITE}/devices/<uuid:device_id>/accept               AS.....   409*  nothing
POST   {SITE}/devices/<uuid:device_id>/move                 As.....   200*  move
POST   {SITE}/enrolments                                    AS.....   201*  enrolment
GET    {SITE}/enrolments/<uuid:enrolment_id>                AS.....   200
POST   {SITE}/enrolments/<uuid:enrolment_id>/confirm        AS.....   200   nothing
POST   {SITE}/enrolments/<uuid:enrolment_id>/refuse         AS.....   200   nothing

GET    /                                                    public    302
GET    /healthz                                             public    200
GET    /favicon.ico                                         public    200
GET    /problems/<slug>                                     public    200
GET    /app/                                                public    200
GET    /app/<path:name>                                     public    404
GET    /console/                                            public    200
GET    /console/<path:name>                                 public    404
GET    /assets/<path:name>                                  public    404
GET    {SITE}/requests                                      AS.D...   200
POST   {SITE}/requests                                      AS.D...   201   request
GET    {SITE}/requests/callers                              AS.D...   422
GET    {SITE}/requests/month                                AS.D...   422
GET    {SITE}/requests/<uuid:request_id>                    AS.D...   200
POST   {SITE}/requests/<uuid:request_id>/acts               AS.D...   200   act
POST   {SITE}/requests/<uuid:request_id>/link               AS.D...   201   nothing
GET    {SITE}/requests/<uuid:request_id>/photos/<number>    AS.D...   404
GET    {SITE}/complaints/pdf                                AS.D...   200
GET    {SITE}/complaints/xlsx                               AS.D...   200
GET    {SITE}/complaints/csv                                AS.D...   200
GET    {SITE}/desk                                          AS.D...   200
PATCH  {SITE}/desk                                          AS.....   200   desk
GET    /t/<token>                                           public    200
GET    /T/<token>                                           public    200
GET    /t/page.css                                          public    200
GET    /t/page.js                                           public    200
POST   /T/<token>                                           public    404   nothing
GET    /R/<secret>                                          public    404
POST   /R/<secret>                                          public    404   nothing
GET    /R/<secret>/photo/<number>                           public    404
GET    /api/docs                                            public    200
GET    /api/docs/page.css                                   public    200
GET    /api/openapi.json                                    public    200
"""

LETTERS = "ASLDWCV"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    method: str
    rule: str
    who: str
    status: int
    fresh: bool
    body: str | None

    @property
    def is_public(self) -> bool:
        return self.who == "public"

    @property
    def names_site(self) -> bool:
        return "<uuid:site_id>" in self.rule

    @property
    def thing(self) -> str | None:
        """The kind of the thing that the address names beside the site: the word before its id."""
        parts = [part for part in self.rule.removeprefix(SITE).split("/") if part]
        return next((before for before, part in pairwise(parts) if part.startswith("<")), None)

    def letter(self, role: str) -> str:
        """Return the letter in a role's column."""
        return self.who[ROLES.index(role)]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def parse(text: str) -> list[Row]:
    """Return the lines of a table.

    :raises ValueError: a line that is none
    """
    rows = []
    for line in text.strip().splitlines():
        if not line.strip():
            continue
        method, rule, who, status, *rest = line.split()
        for letter, place in zip(who, LETTERS, strict=True) if who != "public" else ():
            if letter != "." and letter.upper() != place:
                raise ValueError(line)
        rows.append(
            Row(method, rule, who, int(status.rstrip("*")), status.endswith("*"), rest[0] if rest else None)
        )
    return rows


ROWS = parse(CONSOLE)
