/** A server of the tests: answers the console's questions from the invented estate and remembers what was sent. */
import { access, assets, board, checkpoints, companies, devices, evidence, findings, forms, invitations, ownLogin, people, plans, qr, quarantine, round, routes, session, SITE, sites, tags, teams, visits, zones, at } from './estate';

export type Call = { method: string; path: string; body: unknown };
export type Answered = { status: number; body?: unknown; headers?: Record<string, string> };

const lists: Record<string, unknown[]> = { meters: [], zones, checkpoints, assets, teams, forms, routes, plans, people, tags, devices, companies, posts: [{ id: 'po-1', name: { zh: '东门岗', en: 'East gate' }, team: 'tm-1' }] };

/** The answer to one request; the path has no prefix. */
export function answer(method: string, path: string, body: unknown = null): Answered {
  const [route = '', search = ''] = path.split('?');
  const parts = route.split('/').filter((part) => part !== '');
  const query = new URLSearchParams(search);
  if (route === '/session') return method === 'DELETE' ? { status: 204 } : { status: 200, body: session };
  if (route === '/session/refresh') return { status: 200, body: { ...session, fresh: true } };
  if (route === '/first-run') return { status: 201, body: session };
  if (route === '/me/login') return { status: 200, body: ownLogin };
  if (parts[0] === 'me') return method === 'DELETE' || route.endsWith('end-others') ? { status: 204 } : { status: 200, body: session };
  if (route === '/people') return { status: 200, body: { people: [{ id: 'k-1', name: '高明', number: '031', administrator: false, left: false, roles: [{ site: 's-2', role: 'worker' }] }] } };
  if (route === '/service-plans') return { status: 200, body: { service_plans: [] } };
  if (parts[0] !== 'sites') return notFound;
  if (parts.length === 1) return method === 'GET' ? { status: 200, body: { sites } } : { status: 201, body: { ...sites[0], ...(body as object) } };
  if (parts.length === 2) return { status: 200, body: { ...sites.find((one) => one.id === parts[1]), ...(body as object) } };
  const [, siteId, what = '', id, act] = parts;
  if (act === 'login') return { status: 200, body: access };
  if (act === 'invitation') return { status: 201, body: { id: 'inv-2', url: 'https://patrol.example.org/console/#/invitation?code=Qm9vdHN0cmFwcGluZ0hpIQ', expires_ms: Date.now() + 172_800_000 } };
  if (siteId !== SITE) return what === 'board' ? { status: 200, body: { ...board, lanes: [], attention: [], whereabouts: [] } } : { status: 200, body: { [what]: [], visits: [], next: null } };
  if (what === 'devices' && method === 'GET' && id) return { status: 200, body: { ...devices.find((one) => one.id === id), last_person: { id: 'w-2', name: '周敏' }, last_ms: at('21:40'), apart: 0, replaced_by: null } };
  switch (what) {
    case 'board':
      return { status: 200, body: board, headers: { ETag: '"board-1"' } };
    case 'occurrences':
      if (act === 'comments') return method === 'POST' ? { status: 201, body: { id: 'c-2', at_ms: at('22:58'), by: '陈静', ...(body as object) } } : { status: 200, body: { comments: [{ id: 'c-1', at_ms: at('20:10'), by: '陈静', text: '已电话联系周敏' }] } };
      if (act === 'papers') return method === 'POST' ? { status: 200, body: { ...round, papers: 1 } } : { status: 200, body: { papers: [] } };
      return { status: 200, body: act === 'excuse' ? { ...round, state: 'excused', excused: { why: (body as { why: string }).why, by: '陈静' } } : round };
    case 'visits':
      return id ? { status: 200, body: evidence } : { status: 200, body: { visits: visits.filter((one) => query.get('faulty') !== 'true' || one.faulty), next: query.has('before') ? null : 'cursor-2' } };
    case 'papers':
      return { status: 201, body: { photo: 'ab'.repeat(32) } };
    case 'quarantine':
      return { status: 200, body: { records: quarantine } };
    case 'findings':
      return { status: 200, body: { findings } };
    case 'enrolments': {
      const expires_ms = Date.now() + 540_000;
      if (method === 'POST' && !id) return { status: 201, body: { id: 'en-1', code: 'Qm9vdHN0cmFwcGluZ0hpIQ', url: 'https://patrol.example.org/app/#enrol=Qm9vdHN0cmFwcGluZ0hpIQ', qr, expires_ms } };
      const state = act === 'confirm' ? 'active' : act === 'refuse' ? 'refused' : 'waiting';
      return { status: 200, body: { id: 'en-1', state, check_word: '7F3K-92QD', device: { id: 'd-9', name: '9 号手机', capabilities: { camera: true } }, expires_ms } };
    }
    case 'assets':
      if (act === 'parts') return { status: 200, body: { parts: [], cost: '0.00', unpriced: 0 } };
      if (act === 'orders') return { status: 200, body: { orders: [], counts: {}, after: null, now_ms: at('22:58') } };
      if (act === 'upkeep') return { status: 200, body: { rules: [] } };
      break;
    case 'invitations':
      return method === 'DELETE' ? { status: 204 } : { status: 200, body: { invitations } };
  }
  // what lies below one thing of a list is not that list
  const list = lists[what];
  if (!list || (act !== undefined && method === 'GET')) return notFound;
  if (what === 'plans' && id === 'preview') return { status: 200, body: { windows: [], unknown_from: null } };
  if (method === 'GET') return { status: 200, body: { [what]: list } };
  const known = list.find((one) => (one as { id: string }).id === id) ?? { id: 'new-1', made_ms: at('22:58') };
  return { status: id ? 200 : 201, body: { ...known, ...(body as object) } };
}

const notFound: Answered = { status: 404, body: { type: '/problems/not-found', title: 'Nothing of this name here', status: 404, retryable: false } };

/** A refusal as the server words it. */
export function refusal(slug: string, status: number, members: object = {}): Answered {
  return { status, body: { type: `/problems/${slug}`, title: slug, status, retryable: status >= 500, ...members } };
}

/**
 * Put the fake server in the place of `fetch`; `special` answers first where it knows something else.
 * Returns the calls, in their order.
 */
export function serve(special: (call: Call) => Answered | undefined = () => undefined): Call[] {
  const calls: Call[] = [];
  globalThis.fetch = async (input, init) => {
    const method = init?.method ?? 'GET';
    const path = String(input).replace('/api/v1', '');
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : null;
    calls.push({ method, path, body });
    const found = special({ method, path, body }) ?? answer(method, path, body);
    const empty = found.status === 204 || found.status === 304;
    return new Response(empty ? null : JSON.stringify(found.body), { status: found.status, headers: { 'Content-Type': 'application/json', ...found.headers } });
  };
  return calls;
}
