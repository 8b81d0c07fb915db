/** Which page is shown: the log-in, the first run, or a page of the site that the address names. */
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { tc } from '../i18n/console';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { FactorPage } from './pages/account/FactorPage';
import { FirstRunPage } from './pages/FirstRunPage';
import { InvitationPage } from './pages/InvitationPage';
import { LogInPage } from './pages/LogInPage';
import { Failure, Waiting } from './parts/Answers';
import { AskPassword } from './parts/AskPassword';
import { Lazy } from './parts/Lazy';
import { Shell } from './parts/Shell';
import { go, place, to, toSites, type SitePage } from './route';
import { firstPage, mayOpen } from './model/may';
import { keepSite } from './model/prefs';
import { askingPassword, loadSession, railSite, sessionState, site } from './model/session';
import type { PageProps } from './types';
import { roleWord } from './words';

const pages: Record<SitePage, () => Promise<ComponentType<PageProps>>> = {
  board: () => import('./pages/board/BoardPage').then((m) => m.BoardPage),
  rounds: () => import('./pages/round/RoundPage').then((m) => m.RoundPage),
  log: () => import('./pages/log/LogPage').then((m) => m.LogPage),
  visits: () => import('./pages/evidence/EvidencePage').then((m) => m.EvidencePage),
  attention: () => import('./pages/attention/AttentionPage').then((m) => m.AttentionPage),
  requests: () => import('./pages/requests/RequestsPage').then((m) => m.RequestsPage),
  complaints: () => import('./pages/requests/ComplaintsPage').then((m) => m.ComplaintsPage),
  orders: () => import('./pages/orders/OrdersPage').then((m) => m.OrdersPage),
  places: () => import('./pages/places/PlacesPage').then((m) => m.PlacesPage),
  maps: () => import('./pages/maps/MapsPage').then((m) => m.MapsPage),
  assets: () => import('./pages/assets/AssetsPage').then((m) => m.AssetsPage),
  ledger: () => import('./pages/ledger/LedgerPage').then((m) => m.LedgerPage),
  meters: () => import('./pages/meters/MetersPage').then((m) => m.MetersPage),
  parts: () => import('./pages/parts/PartsPage').then((m) => m.PartsPage),
  upkeep: () => import('./pages/upkeep/UpkeepPage').then((m) => m.UpkeepPage),
  routes: () => import('./pages/routes/RoutesPage').then((m) => m.RoutesPage),
  service: () => import('./pages/service/ServicePage').then((m) => m.ServicePage),
  plans: () => import('./pages/plans/PlansPage').then((m) => m.PlansPage),
  forms: () => import('./pages/forms/FormsPage').then((m) => m.FormsPage),
  tags: () => import('./pages/tags/TagsPage').then((m) => m.TagsPage),
  people: () => import('./pages/people/PeoplePage').then((m) => m.PeoplePage),
  phones: () => import('./pages/phones/PhonesPage').then((m) => m.PhonesPage),
  audit: () => import('./pages/audit/AuditPage').then((m) => m.AuditPage),
  data: () => import('./pages/data/DataPage').then((m) => m.DataPage),
  privacy: () => import('./pages/data/PrivacyPage').then((m) => m.PrivacyPage),
  score: () => import('./pages/score/ScorePage').then((m) => m.ScorePage),
  behind: () => import('./pages/score/BehindPage').then((m) => m.BehindPage),
  reports: () => import('./pages/score/ReportsPage').then((m) => m.ReportsPage),
  registers: () => import('./pages/registers/RegistersPage').then((m) => m.RegistersPage),
  more: () => import('./pages/MorePage').then((m) => m.MorePage),
};
const ownLoginPage = () => import('./pages/account/OwnLoginPage').then((m) => m.OwnLoginPage);
const sitesPage = () => import('./pages/sites/SitesPage').then((m) => m.SitesPage);

/** The console. */
export function App() {
  const state = sessionState.value;
  if (state.is === 'asking') return <Outside><Waiting /></Outside>;
  if (state.is === 'away') return <Outside><Failure problem={state.problem} onAgain={() => void loadSession()} /></Outside>;
  if (place.value.page === 'invitation') return <InvitationPage />;
  if (state.is === 'out') return place.value.page === 'first-run' ? <FirstRunPage /> : <LogInPage firstRun={state.firstRun} ended={state.ended} />;
  if (state.session.factors.needed) {
    return (
      <>
        <FactorPage />
        {askingPassword.value && <AskPassword />}
      </>
    );
  }
  return (
    <div class="console">
      <Inside />
      {askingPassword.value && <AskPassword />}
    </div>
  );
}

function Outside({ children }: { children: preact.ComponentChildren }) {
  return (
    <div class="console console--door">
      <main class="door">
        <h1 class="vh">{tc('console.name')}</h1>
        {children}
      </main>
    </div>
  );
}

function Inside() {
  const here = place.value;
  const one = site.value;
  const outside = here.site === null;
  useEffect(() => {
    if (one) keepSite(one.id);
  }, [one?.id]);
  useEffect(() => {
    if (here.page === 'home' || here.page === 'first-run') go(home());
  }, [here.page]);

  if (here.page === 'sites') return <Shell><Lazy key={`sites ${here.id}`} load={sitesPage} props={{ id: here.id }} /></Shell>;
  if (here.page === 'me') return <Shell><Lazy key="me" load={ownLoginPage} props={{}} /></Shell>;
  if (outside) return <Shell><Waiting /></Shell>;
  if (!one) {
    return (
      <Shell>
        <Empty page icon="pin" title={tc('site.unknown')} act={<Button href={home()}>{tc('site.unknown.act')}</Button>}>
          {tc('site.unknown.why')}
        </Empty>
      </Shell>
    );
  }
  const page = here.page as SitePage;
  if (!mayOpen(one, page)) {
    return (
      <Shell>
        <Empty page icon="user" title={tc('role.needs')} act={<Button href={to(one.id, firstPage(one))}>{tc('site.unknown.act')}</Button>}>
          {tc('role.needs.why', { role: roleWord(one.role) })}
        </Empty>
      </Shell>
    );
  }
  const load = pages[page];
  return <Shell><Lazy key={`${one.id} ${here.page} ${here.id}`} load={load} props={{ site: one, id: here.id }} /></Shell>;
}

/** Where one begins: the board of the last site, else of the first (the log, for who sees no board); without any site, the list of sites. */
function home(): string {
  const one = railSite.value;
  return one ? to(one.id, firstPage(one)) : toSites();
}
