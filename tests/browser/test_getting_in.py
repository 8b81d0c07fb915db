"""Getting in to the console in a real browser: app, passkey, recovery code, invitation, and no other way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.chromium import DESK, Chromium, violations
from tests.browser.conftest import ChromiumMaker, ServedMaker, Shoot
from tests.browser.desk import PASSWORD, Desk
from tests.browser.served import Served
from tests.browser.words import Words

pytestmark = pytest.mark.browser

NEW = "quite another way round"


@dataclass
class Office:
    """A server, an administrator's browser, and the device that holds their passkey."""

    served: Served
    browser: Chromium
    desk: Desk
    device: CDPSession
    recovery: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.desk.page

    def log_out(self) -> None:
        """Log out, and see the log-in."""
        self.desk.press("account.out")
        expect(self.page.get_by_role("heading", level=1, name=self.desk.w("login.title"))).to_be_visible()

    def give_password(self, login: str = "lin", password: str = PASSWORD) -> None:
        """Take the first step."""
        self.desk.type("login.login", login)
        self.desk.type("login.password", password)
        self.desk.press("login.go")

    def is_in(self) -> None:
        """See that somebody is logged in."""
        expect(self.page.get_by_role("navigation", name=self.desk.w("nav.menu"))).to_be_visible()


@pytest.fixture(scope="module")
def office(serve: ServedMaker, chromium: ChromiumMaker) -> Iterator[Office]:
    """Set the installation up: the first administrator has an app, ten recovery codes and a site."""
    served, browser = serve(), chromium(size=DESK)
    desk = Desk(browser.open(), Words("en"), served.url)
    # a virtual device as Chromium's own tools offer it: it holds keys, and verifies its person at once
    device = desk.page.context.new_cdp_session(desk.page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    desk.first_run(served.found(r"first-run\?code=(\S+)"))
    desk.make_site("幸福花园", "Happiness Garden")
    yield Office(served, browser, desk, device)
    browser.close()


def test_an_administrator_gets_in_by_app_by_recovery_code_and_by_passkey(
    office: Office, axe: str, shoot: Shoot
) -> None:
    desk, page = office.desk, office.page
    office.log_out()
    office.give_password()
    expect(page.get_by_role("heading", level=1, name=desk.w("second.title"))).to_be_visible()
    assert violations(page, axe) == []
    shoot(page, "getting-in-second-step")
    desk.type("second.code", desk.spent)  # the code by which it was set up is not taken again
    desk.press("login.go")
    expect(page.get_by_role("alert")).to_have_text(desk.w("problem.wrong-factor"))
    desk.type("second.code", desk.code(later=1))
    desk.press("login.go")
    office.is_in()

    page.goto(f"{desk.url}/console/#/me")
    desk.type("passkey.name", "office computer")
    desk.press("passkey.make")
    expect(page.get_by_role("listitem").filter(has_text="office computer")).to_be_visible()
    desk.press("recovery.again")
    codes = page.locator(".codes__l .code")
    expect(codes).to_have_count(10)
    office.recovery = codes.all_inner_texts()
    assert violations(page, axe) == []
    shoot(page, "getting-in-my-log-in")

    office.log_out()
    office.give_password()
    desk.type("second.code", office.recovery[0])
    desk.press("login.go")
    office.is_in()

    office.log_out()
    office.give_password()
    desk.press("second.passkey")
    office.is_in()

    office.log_out()
    desk.press("login.passkey")  # no login, no password
    office.is_in()
    office.log_out()
    office.give_password()
    desk.type("second.code", office.recovery[0])  # once, and never again
    desk.press("login.go")
    expect(page.get_by_role("alert")).to_have_text(desk.w("problem.wrong-factor"))
    desk.press("second.passkey")
    office.is_in()


def test_a_supervisor_is_invited_and_nobody_types_their_password(
    office: Office, chromium: ChromiumMaker, axe: str, shoot: Shoot
) -> None:
    desk, page = office.desk, office.page
    desk.open("people/new")
    desk.type("person.name", "Hu Min")
    desk.type("person.number", "S-7")
    page.get_by_label(desk.w("person.role"), exact=True).select_option("supervisor")
    desk.save(back="nav.people")
    page.get_by_role("link", name="Hu Min").click()
    desk.press("access.invite")
    link = page.locator(".note .code").inner_text()
    assert violations(page, axe) == []
    shoot(page, "getting-in-invited")

    theirs = chromium(size=(360, 800))
    guest = Desk(theirs.open(), Words("en"), office.served.url)
    guest.page.goto(link)
    expect(
        guest.page.get_by_role("heading", level=1, name=guest.w("invitation.title", name="Hu Min"))
    ).to_be_visible()
    assert violations(guest.page, axe) == []
    shoot(guest.page, "getting-in-invitation")
    guest.type("login.login", "hu")
    guest.type("login.password", "password1234")
    guest.press("invitation.go")
    expect(guest.page.get_by_text(guest.w("field.common"))).to_be_visible()
    guest.type("login.password", NEW)
    guest.press("invitation.go")
    expect(guest.page.get_by_role("heading", level=1, name=guest.w("nav.board"))).to_be_visible()
    assert "code=" not in guest.page.url

    # the link is used; and the administrator may end what was begun with it
    again = chromium(size=(360, 800))
    other = Desk(again.open(), Words("en"), office.served.url)
    other.page.goto(link)
    expect(other.page.get_by_role("alert")).to_have_text(other.w("problem.invitation-over"))
    again.close()
    page.reload()
    desk.press("access.end")
    expect(page.get_by_text(desk.w("access.done"))).to_be_visible()
    guest.page.reload()
    expect(guest.page.get_by_role("heading", level=1, name=guest.w("login.title"))).to_be_visible()
    assert theirs.faults == []
    theirs.close()


ROLES = (
    # role, where they begin, what of the menu they see and do not see, what they type by hand
    ("team_leader", "nav.board", ("nav.patrol", "nav.people"), ("nav.phones", "nav.audit"), "phones", DESK),
    ("desk", "nav.board", ("nav.attention",), ("nav.people", "nav.patrol", "nav.phones"), "people", DESK),
    ("viewer", "nav.board", ("nav.plans",), ("nav.people", "nav.patrol"), "log", DESK),
    ("contractor", "nav.patrol", ("nav.people",), ("nav.board", "nav.phones"), "board", (360, 800)),
)

INVITE = """async ([site, role]) => {
  const ask = async (path, body) => {
    const how = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
    const answer = await fetch(`/api/v1${path}`, { ...how, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const company = role === 'contractor' ? (await ask('/companies', { name: 'Lift Ltd' })).id : null;
  const person = { name: `The ${role}`, number: role, trade: null, role, company };
  const { id } = await ask(`/sites/${site}/people`, person);
  return (await ask(`/sites/${site}/people/${id}/invitation`, {})).url;
}"""


def test_each_role_sees_what_is_theirs_and_an_address_typed_by_hand_says_that_it_is_not(
    office: Office, chromium: ChromiumMaker, axe: str, shoot: Shoot
) -> None:
    theirs = chromium(size=DESK)
    guest = Desk(theirs.open(), Words("en"), office.served.url, site=office.desk.site)
    page = guest.page
    for role, first, seen, hidden, typed, size in ROLES:
        link = office.page.evaluate(INVITE, [guest.site, role])
        theirs.context.clear_cookies()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto("about:blank")
        page.goto(link)
        guest.type("login.login", role.replace("_", "-"))
        guest.type("login.password", NEW)
        guest.press("invitation.go")
        expect(page.get_by_role("heading", level=1, name=guest.w(first))).to_be_visible()
        menu = page.get_by_role("navigation", name=guest.w("nav.menu"))
        for key in seen if size == DESK else ():
            expect(menu.get_by_role("link", name=guest.w(key), exact=True)).to_be_visible()
        for key in hidden:
            expect(menu.get_by_role("link", name=guest.w(key), exact=True)).to_have_count(0)
        assert violations(page, axe) == []
        shoot(page, f"role-{role}")
        guest.open(typed)
        expect(page.get_by_role("heading", level=1, name=guest.w("role.needs"))).to_be_visible()
        shoot(page, f"role-{role}-needs")
    assert theirs.faults == []
    theirs.close()


def test_who_lost_every_way_back_comes_in_by_the_server_s_shell(office: Office) -> None:
    desk, page = office.desk, office.page
    printed = office.served.run("recover", "lin")
    link = next(line for line in printed.splitlines() if "/invitation?code=" in line)
    page.goto(f"{desk.url}/console/")
    expect(page.get_by_role("heading", level=1, name=desk.w("login.title"))).to_be_visible()  # logged out
    office.give_password()
    expect(page.get_by_role("alert")).to_have_text(desk.w("problem.wrong-login"))
    page.goto(link)
    desk.type("login.password", NEW)
    desk.press("invitation.go")
    desk.set_up_app()
    office.is_in()
    assert office.browser.faults == []
