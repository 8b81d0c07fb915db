/** An invented estate on one evening, as the API would tell it: for tests of pages and for looking at them. */
import type { Label } from '../../i18n/label';
import type { PatrolRoute } from '../routeTypes';
import type { Asset, Attention, Board, BoardWindow, Capability, Checkpoint, Company, Device, Evidence, FindingRow, Form, Lane, OccurrenceState, Person, Plan, QuarantineRow, Role, Round, Session, Site, Tag, Team, VisitRow, Whereabouts, Zone } from '../types';

export const ZONE = 'Asia/Shanghai';
/** 23 November 2026, 22:58 in the site's zone. */
export const NOW = Date.UTC(2026, 10, 23, 14, 58);
const DAY = Date.UTC(2026, 10, 22, 16);

/** `at('22:31')` of the day, `at('00:30', 1)` of the next; ms. */
export function at(time: string, dayOffset = 0): number {
  const [h = '0', m = '0', s = '0'] = time.split(':');
  return DAY + dayOffset * 86_400_000 + Number(h) * 3_600_000 + Number(m) * 60_000 + Number(s) * 1000;
}

const l = (zh: string, en: string): Label => ({ zh, en });
export const SITE = '018f0000-0000-7000-8000-000000000001';

const OWN: Capability[] = ['see.findings', 'see.evidence', 'see.photos', 'see.people'];
const SUPERVISOR: Capability[] = [
  ...OWN, 'see.board', 'see.plan', 'see.location', 'see.phones', 'see.quarantine', 'see.audit', 'see.assets', 'see.orders',
  'excuse', 'comment', 'dispatch', 'handle.requests', 'change.plan', 'change.assets', 'change.stock', 'change.people', 'print.tags', 'enrol.phone', 'revoke.phone', 'import',
]; // prettier-ignore
/** What each role may do at its site, as the server tells it. */
export const MAY: Record<Role, Capability[]> = {
  administrator: [...SUPERVISOR, 'export', 'administer'],
  supervisor: SUPERVISOR,
  team_leader: [...OWN, 'see.board', 'see.plan', 'see.assets', 'see.orders', 'comment', 'dispatch'],
  desk: ['see.board', 'see.plan', 'see.findings', 'see.assets', 'see.orders', 'comment', 'dispatch', 'handle.requests'],
  worker: [],
  contractor: [...OWN, 'see.orders'],
  viewer: ['see.board', 'see.plan'],
};

export const session: Session = {
  person: { id: 'p-chen', name: '陈静', login: 'chen' },
  organisation: { id: 'o1', name: '安居物业', demo: false },
  factors: { totp: true, passkeys: 0, recovery_left: 10, needed: false },
  administrator: true,
  fresh: false,
  sites: [
    { id: SITE, name: l('幸福花园', 'Happiness Garden'), time_zone: ZONE, day_start_min: 360, role: 'supervisor', may: MAY.supervisor, demo: true },
    { id: 's-2', name: l('滨河苑', 'Riverside Court'), time_zone: ZONE, day_start_min: 360, role: 'viewer', may: MAY.viewer, demo: false },
  ],
  version: '0.1.0',
};

export const ownLogin = {
  login: 'chen', required: true, totp_ms: at('09:00'), recovery_left: 8,
  passkeys: [{ id: 'k-1', name: '办公室电脑', made_ms: at('09:00'), used_ms: at('22:30') }],
  sessions: [
    { id: 'se-1', agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36', network: '203.0.113.0/24', made_ms: at('21:00'), seen_ms: at('22:57'), this: true },
    { id: 'se-2', agent: 'curl/8', network: '', made_ms: at('20:00'), seen_ms: at('20:30'), this: false },
  ],
};
export const access = { login: 'li', has_password: true, has_console: true, totp: true, passkeys: 0, sessions: 1 };
export const invitations = [{ id: 'inv-1', person_id: 'p-new', name: '胡敏', made_by: '陈静', made_ms: at('20:00'), expires_ms: at('20:00', 2) }];

export const sites: Site[] = session.sites.map((one) => ({ id: one.id, name: one.name, time_zone: one.time_zone, day_start_min: 360, quiet_lock_min: 20, daytime: null, holidays: 'CN', demo: one.demo }));

let count = 0;
function win(from: string, to: string, state: OccurrenceState, done: number, total: number, more: Partial<BoardWindow> = {}, night = false): BoardWindow {
  count += 1;
  const start = at(from, night ? 1 : 0);
  const wraps = to <= from && to !== '24:00';
  return {
    occurrence: `occ-${count}`, ordinal: 1, from_ms: start, to_ms: at(to, (night ? 1 : 0) + (wraps ? 1 : 0)), grace_ms: 1_800_000,
    state, done, total, end_ms: state === 'done' ? start + 3_000_000 : null, people: [], device: null, excused: null, faults: 0, stand_ins: [], papers: 0, ...more,
  };
}

function lane(id: string, name: Label, demand: string | null, perDay: number, windows: BoardWindow[], crew: 1 | 2 = 1): Lane {
  const every = { from: '00:00', to: '24:00', minutes: 1440 / perDay };
  return { plan: { id, name, demand, crew, recurrence: { kind: 'calendar', rule: 'FREQ=DAILY', every } }, windows: windows.map((one, n) => ({ ...one, ordinal: n + 1 })) };
}

const zhouPhone = { id: 'd-5', name: '5 号手机', heard_ms: at('19:42') };
export const lanes: Lane[] = [
  lane('pl-1', l('园区巡查', 'Grounds'), 'P1-35', 7, [
    win('08:00', '10:00', 'done', 7, 7), win('12:00', '14:00', 'late', 7, 7, { end_ms: at('14:25') }), win('16:00', '18:00', 'done', 7, 7, { faults: 1 }),
    win('22:00', '23:30', 'progress', 5, 7), win('00:30', '02:00', 'upcoming', 0, 7, {}, true), win('02:30', '04:00', 'upcoming', 0, 7, {}, true), win('04:30', '06:00', 'upcoming', 0, 7, {}, true),
  ], 2),
  lane('pl-2', l('楼内巡查 1–6 栋', 'Buildings 1–6'), 'P1-36', 2, [win('09:00', '11:30', 'done', 24, 24), win('19:00', '21:30', 'partial', 21, 24)]),
  lane('pl-3', l('楼内巡查 7–12 栋', 'Buildings 7–12'), 'P1-36', 2, [win('09:00', '11:30', 'done', 24, 24), win('19:00', '21:30', 'unheard', 3, 24, { device: zhouPhone })]),
  lane('pl-4', l('水泵房、排污泵', 'Pump rooms'), 'P1-27', 2, [win('08:00', '10:00', 'done', 4, 4), win('16:00', '18:00', 'unproven', 4, 4)]),
  lane('pl-5', l('配电室', 'Switch room'), 'P1-27', 2, [win('08:00', '10:00', 'done', 2, 2), win('22:30', '00:30', 'open', 0, 2)]),
  lane('pl-6', l('消防巡查', 'Fire patrol'), null, 7, [
    win('08:00', '10:00', 'done', 9, 9), win('10:00', '12:00', 'done', 9, 9), win('12:00', '14:00', 'done', 9, 9), win('14:00', '16:00', 'missed', 0, 9),
    win('16:00', '18:00', 'done', 9, 9), win('18:00', '20:00', 'done', 9, 9), win('20:00', '22:00', 'unheard', 0, 9, { device: { id: 'd-6', name: '6 号手机', heard_ms: at('19:55') } }),
  ]),
  lane('pl-7', l('监控中心值守', 'Control room'), 'P1-40', 3, [win('06:00', '14:00', 'done', 1, 1), win('14:00', '22:00', 'done', 1, 1), win('22:00', '06:00', 'progress', 1, 2)]),
  lane('pl-8', l('大堂、电梯厅保洁', 'Lobby cleaning'), 'P1-44', 1, [win('07:00', '11:00', 'done', 12, 12)]),
  lane('pl-9', l('电梯轿厢保洁', 'Lift car cleaning'), 'P1-44', 1, [win('07:00', '09:30', 'done', 24, 24)]),
  lane('pl-10', l('垃圾清运', 'Refuse'), 'P1-43', 2, [win('06:30', '08:30', 'done', 6, 6), win('17:00', '19:00', 'late', 6, 6, { end_ms: at('19:40') })]),
  lane('pl-11', l('绿化带保洁', 'Green strips'), 'P1-44', 1, [win('08:00', '12:00', 'excused', 0, 5, { excused: { why: '大雨', by: '陈静' } })]),
  lane('pl-12', l('设施巡视', 'Facilities'), 'P1-29', 1, [win('10:00', '12:00', 'done', 9, 9)]),
];

const todo = (kind: Attention['kind'], more: Partial<Attention>): Attention => ({
  kind, occurrence: null, visit: null, plan: null, from_ms: null, to_ms: null, done: null, total: null, device: null, reading: null, lower_ms: null, upper_ms: null, stops: null, count: null, marks: null, ...more,
});
export const attention: Attention[] = [
  todo('unheard', { occurrence: 'occ-11', plan: l('楼内巡查 7–12 栋', 'Buildings 7–12'), from_ms: at('19:00'), to_ms: at('21:30'), done: 3, total: 24, device: zhouPhone }),
  todo('missed', { occurrence: 'occ-19', plan: l('消防巡查', 'Fire patrol'), from_ms: at('14:00'), to_ms: at('16:00'), done: 0, total: 9 }),
  todo('alarm', { visit: 'v-1204', plan: l('水泵房、排污泵', 'Pump rooms'), reading: { label: l('生活水泵 2# 出水压力', 'Booster pump 2 pressure'), value: '0.72', unit: 'MPa', level: 'alarm' }, from_ms: at('16:20'), count: 3, stops: [l('生活水泵房', 'Pump room')] }),
  todo('unproven', { occurrence: 'occ-13', plan: l('水泵房、排污泵', 'Pump rooms'), from_ms: at('16:00'), to_ms: at('18:00'), done: 4, total: 4, lower_ms: at('15:20'), upper_ms: at('21:05') }),
  todo('partial', { occurrence: 'occ-9', plan: l('楼内巡查 1–6 栋', 'Buildings 1–6'), from_ms: at('19:00'), to_ms: at('21:30'), done: 21, total: 24, stops: [l('5 栋 16 层', 'Block 5, floor 16'), l('5 栋 17 层', 'Block 5, floor 17'), l('5 栋 18 层', 'Block 5, floor 18')] }),
  todo('marked', { occurrence: 'occ-1', plan: l('园区巡查', 'Grounds'), from_ms: at('08:00'), to_ms: at('10:00'), count: 5, marks: [{ mark: 'too_fast', count: 4 }, { mark: 'clock_jump', count: 2 }, { mark: 'outside_bounds', count: 2 }] }),
];

const who = (id: string, name: string, phone: string, plan: Label | null, done: number | null, total: number | null, where: Label | null, heard: string, silent = false): Whereabouts => ({
  person: { id, name }, device: { id: `d-${phone}`, name: `${phone} 号手机` }, plan, done, total, at: where, heard_ms: at(heard), silent,
});
export const whereabouts: Whereabouts[] = [
  who('p-wang', '王建国', '4', l('园区巡查', 'Grounds'), 5, 7, l('地下车库 B1 东', 'Garage B1 east'), '22:55'),
  who('p-liu', '刘海涛', '2', l('园区巡查', 'Grounds'), 5, 7, l('地下车库 B1 东', 'Garage B1 east'), '22:55'),
  who('p-zhou', '周敏', '5', l('楼内巡查 7–12 栋', 'Buildings 7–12'), 3, 24, l('7 栋 6 层', 'Block 7, floor 6'), '19:42', true),
  who('p-zhao', '赵立军', '3', null, null, null, l('生活水泵房', 'Pump room'), '22:56'),
  who('p-he', '何伟', '1', l('监控中心值守', 'Control room'), 1, 2, l('值班台', 'Control desk'), '22:57'),
  who('p-sun', '孙志强', '6', l('消防巡查', 'Fire patrol'), 0, 9, l('2 栋地下', 'Block 2 basement'), '19:55', true),
];

export const board: Board = {
  site: SITE, day: '2026-11-23', from_ms: at('06:00'), to_ms: at('06:00', 1), now_ms: NOW, received_ms: at('22:57'), phones: { total: 6, silent: 2 },
  sums: { due: 24, done: 17, late: 2, missed: 1, unheard: 2, unproven: 1, partial: 1, excused: 1, open: 1, progress: 2, upcoming: 3, low: '0.792', high: '0.917' },
  lanes, attention, whereabouts,
};

const spot = (number: string, name: Label) => ({ kind: 'checkpoint' as const, id: `cp-${number}`, number, name });
function visit(seq: number, plan: Label, no: number | null, place: VisitRow['place'], person: string, lower: string | null, estimate: string, upper: string, more: Partial<VisitRow> = {}): VisitRow {
  return {
    id: `v-${seq}`, occurrence: 'occ-4', plan, stop_number: no, place, person: { id: `p-${person}`, name: person }, device: { id: 'd-4', name: '4 号手机' },
    estimate_ms: at(estimate), lower_ms: lower === null ? null : at(lower), upper_ms: at(upper), quality: 'A', marks: [], faulty: false, photos: 1, photos_pending: 0,
    readings: [], late: false, received_ms: at(upper), seq, result: 'known', ...more,
  };
}
const grounds = l('园区巡查', 'Grounds');
export const visits: VisitRow[] = [
  visit(811, grounds, 3, spot('15', l('地下车库 B1 西', 'Garage B1 west')), '王建国', '22:36', '22:40', '22:43', { faulty: true, photos: 2, photos_pending: 1 }),
  visit(810, grounds, 2, spot('12', l('3 号楼大堂', 'Lobby 3')), '王建国', '22:24', '22:28', '22:31'),
  visit(809, grounds, 1, spot('01', l('东门岗', 'East gate')), '王建国', '22:02', '22:12', '22:31'),
  visit(1204, l('水泵房、排污泵', 'Pump rooms'), 5, { kind: 'asset', id: 'as-2', number: 'P-02', name: l('生活水泵 2#', 'Booster pump 2') }, '赵立军', '15:20', '16:20', '21:05', {
    quality: 'C', marks: ['clock_jump'], readings: [{ label: l('出水压力', 'Pressure'), value: '0.72', unit: 'MPa', level: 'alarm' }], faulty: true, device: { id: 'd-3', name: '3 号手机' } }),
  visit(402, l('楼内巡查 7–12 栋', 'Buildings 7–12'), 3, spot('71', l('7 栋 6 层', 'Block 7, floor 6')), '周敏', '19:38', '19:40', '19:42', { device: { id: 'd-5', name: '5 号手机' } }),
  visit(655, l('园区巡查', 'Grounds'), 7, spot('02', l('西门岗', 'West gate')), '刘海涛', '14:21', '14:23', '14:26', { late: true }),
  visit(1198, l('配电室', 'Switch room'), 1, spot('16', l('高压柜', 'HV panel')), '赵立军', '08:11', '08:12', '08:13', { readings: [{ label: l('温度', 'Temperature'), value: '41', unit: '℃', level: 'normal' }] }),
  visit(221, l('垃圾清运', 'Refuse'), 1, spot('08', l('东垃圾房', 'Refuse east')), '李秀兰', null, '06:42', '06:44', { quality: 'D' }),
  visit(797, l('园区巡查', 'Grounds'), 4, spot('14', l('地下车库 B1 东', 'Garage B1 east')), '王建国', '02:10', '02:12:08', '02:14', { marks: ['too_fast'] }),
];

const found = (id: string, more: Partial<FindingRow>): FindingRow => ({
  id, visit: null, occurrence: null, record: 'e'.repeat(64), kind: 'answer', urgency: 'normal', level: 'fault', field: null, label: null, value: null, unit: null, place: null,
  person: { id: 'p-wang', name: '王建国' }, device: { id: 'd-4', name: '4 号手机' }, lower_ms: at('22:36'), estimate_ms: at('22:40'), upper_ms: at('22:43'), quality: 'A', marks: [], ...more,
});
export const findings: FindingRow[] = [
  found('f-1', { visit: 'v-811', field: 'water', label: l('积水', 'Standing water'), place: spot('15', l('地下车库 B1 西', 'Garage B1 west')) }),
  found('f-2', { visit: 'v-1204', kind: 'answer', level: 'alarm', field: 'pressure', label: l('出水压力', 'Pressure'), value: '0.72', unit: 'MPa', place: { kind: 'asset', id: 'as-2', number: 'P-02', name: l('生活水泵 2#', 'Booster pump 2') } }),
  found('f-3', { kind: 'blocked', urgency: 'urgent', level: null, person: { id: 'p-li', name: '李秀兰' }, lower_ms: null, estimate_ms: at('09:10'), upper_ms: at('09:11'), quality: 'D' }),
];

export const evidence: Evidence = {
  ...visits[8]!,
  occurrence_view: { ...lanes[0]!.windows[2]!, people: ['王建国', '刘海涛'] },
  photos: [
    { sha256: 'a'.repeat(64), size: 183_220, role: 'photo', field: 'water', state: 'stored', url: `/api/v1/sites/${SITE}/photos/${'a'.repeat(64)}`, reused: false, of: null },
    { sha256: 'b'.repeat(64), size: 201_000, role: 'photo', field: null, state: 'pending', url: null, reused: false, of: null },
  ],
  frame: { sha256: 'c'.repeat(64), size: 19_400, role: 'frame', field: null, reused: false, of: null, state: 'stored', url: `/api/v1/sites/${SITE}/photos/${'c'.repeat(64)}` },
  answers: [
    { field: 'light', label: l('照明', 'Lighting'), kind: 'check', value: 'ok', shown: l('正常', 'OK'), level: null, limits: null, unit: null, fault: false, text: null },
    { field: 'way', label: l('消防通道', 'Escape way'), kind: 'check', value: 'ok', shown: l('正常', 'OK'), level: null, limits: null, unit: null, fault: false, text: null },
    { field: 'water', label: l('积水', 'Standing water'), kind: 'check', value: 'fault', shown: l('异常', 'Fault'), level: null, limits: null, unit: null, fault: true, text: '顶板滴水' },
    { field: 'co', label: l('一氧化碳', 'Carbon monoxide'), kind: 'number', value: '6', shown: null, level: 'normal', limits: { warn_high: '18', alarm_high: '24' }, unit: 'ppm', fault: false, text: null },
  ],
  form: { id: 'fo-2', name: l('车库巡查', 'Garage'), edition: 3 },
  note: '东侧坡道口有积水', raw: null, geo: { lat: 251234567, lon: 1170345678, accuracy: 12, age_ms: 8_000, away_m: 21, east_m: 17, north_m: -12, far: false },
  location: 'given', findings: [findings[0]!],
  explanations: [{ record: 'e'.repeat(64), at_ms: at('02:20'), received_ms: at('02:24'), words: '两个码挂在同一根柱子上' }],
  time: { wall_ms: at('02:12:08'), tz: ZONE, lower_ms: at('02:10:31'), estimate_ms: at('02:12:08'), upper_ms: at('02:14:05'), quality: 'A', before: { server_ms: at('02:10:31') }, after: { received_ms: at('02:14:05') }, marks: ['too_fast'] },
  chain: {
    log: 'k3v2k3v2k3v2k3v2k3v2k3v2k3', device: { id: 'd-4', name: '4 号手机' }, gap_before: false, gap_after: false,
    records: [
      { seq: 796, hash: `c41e07${'0'.repeat(58)}`, type: 'scan', title: l('3 号点', 'Stop 3'), this: false, signature: 'verified' },
      { seq: 797, hash: `9ab2f3${'0'.repeat(58)}`, type: 'scan', title: l('本次', 'This visit'), this: true, signature: 'verified' },
      { seq: 798, hash: `51d08c${'0'.repeat(58)}`, type: 'answers', title: l('检查表', 'Checklist'), this: false, signature: 'verified' },
    ],
    receipt: { from: 790, to: 798, received_ms: at('02:14:05'), ledger_pos: 40_212, check_word: '7F3K-92QD-X4ME' },
  },
  tag: { print_no: 2, proof: 'proven' },
  record: { body: '{"v":1,"log":"k3v2k3v2k3v2k3v2k3v2k3v2k3","seq":797,"type":"scan"}', sig: 'MEUCIQDx'.repeat(8), hash: `9ab2f3${'0'.repeat(58)}` },
};

export const round: Round = {
  ...lanes[2]!.windows[1]!,
  stand_ins: [
    { record: 'd'.repeat(64), person: { id: 'p-zhou', name: '周敏' }, device: { id: 'd-5', name: '5 号手机' }, at_ms: at('20:02'), instead_of: { kind: 'team', name: l('乙班', 'Team B') }, marks: ['not_theirs'] },
  ],
  plan: lanes[2]!.plan,
  stops: [
    { id: 'st-1', number: 1, name: l('7 栋大堂', 'Lobby 7'), zone: l('7 栋', 'Block 7'), target: { kind: 'checkpoint', id: 'cp-70' }, form: null, state: 'done', visits: [{ ...visits[4]!, id: 'v-400', seq: 400, stop_number: 1 }] },
    { id: 'st-2', number: 2, name: l('7 栋 6 层', 'Block 7, floor 6'), zone: l('7 栋', 'Block 7'), target: { kind: 'checkpoint', id: 'cp-71' }, form: { id: 'fo-1', name: l('楼道', 'Corridor') }, state: 'fault', visits: [visits[4]!] },
    { id: 'st-3', number: 3, name: l('7 栋 12 层', 'Block 7, floor 12'), zone: l('7 栋', 'Block 7'), target: { kind: 'checkpoint', id: 'cp-72' }, form: { id: 'fo-1', name: l('楼道', 'Corridor') }, state: 'todo', visits: [] },
  ],
  why: { key: 'unheard', params: { done: 3, total: 24, phones: [zhouPhone] } },
  phones: [
    { device: { id: 'd-5', name: '5 号手机' }, heard_ms: at('19:42'), clear_ms: at('18:01'), carries: true },
    { device: { id: 'd-2', name: '2 号手机' }, heard_ms: at('22:55'), clear_ms: at('22:55'), carries: false },
  ],
};

export const zones: Zone[] = [
  { id: 'z-1', name: l('园区', 'Grounds'), parent: null }, { id: 'z-2', name: l('地下车库', 'Garage'), parent: null }, { id: 'z-3', name: l('B1 东', 'B1 east'), parent: 'z-2' },
];
const tagOf = (n: number) => ({ id: `t-${n}`, print_no: n % 3 === 0 ? 2 : 1, short_code: `7K2M-Q${n}X4`, retired: false });
export const checkpoints: Checkpoint[] = [
  { id: 'cp-01', number: '01', name: l('东门岗', 'East gate'), zone: 'z-1', position: null, retired: false, tag: tagOf(1), used_by: 2 },
  { id: 'cp-02', number: '02', name: l('西门岗', 'West gate'), zone: 'z-1', position: null, retired: false, tag: tagOf(2), used_by: 2 },
  { id: 'cp-14', number: '14', name: l('地下车库 B1 东', 'Garage B1 east'), zone: 'z-3', position: null, retired: false, tag: tagOf(3), used_by: 1 },
  { id: 'cp-15', number: '15', name: l('地下车库 B1 西', ''), zone: 'z-2', position: null, retired: false, tag: null, used_by: 0 },
  { id: 'cp-09', number: '09', name: l('旧岗亭', 'Old gatehouse'), zone: null, position: null, retired: true, tag: null, used_by: 0 },
];
export const assets: Asset[] = [
  { id: 'as-1', number: 'P-01', name: l('生活水泵 1#', 'Booster pump 1'), category: '水泵', zone: 'z-2', position: null, retired: false, tag: tagOf(4) },
  { id: 'as-2', number: 'P-02', name: l('生活水泵 2#', 'Booster pump 2'), category: '水泵', zone: 'z-2', position: null, retired: false, tag: tagOf(5) },
];
export const teams: Team[] = [{ id: 'tm-1', name: l('夜班', 'Night shift') }, { id: 'tm-2', name: l('工程', 'Engineering') }];
export const forms: Form[] = [
  { id: 'fo-1', name: l('泵房', 'Pump room'), edition: 3, fields: [
    { id: 'pressure', kind: 'number', label: l('出水压力', 'Pressure'), required: true, unit: 'MPa', decimals: 2, limits: { alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' } },
    { id: 'leaks', kind: 'check', label: l('跑冒滴漏', 'Leaks'), required: true, photo_on_fault: true },
    { id: 'mode', kind: 'choice', label: l('运行方式', 'Mode'), required: true, options: [{ id: 'auto', label: l('自动', 'Automatic') }, { id: 'off', label: l('停用', 'Off'), fault: true }] },
    { id: 'room', kind: 'photo', label: l('泵房全景', 'Room'), min: 1 },
    { id: 'remark', kind: 'text', label: l('备注', 'Remark'), max: 500 },
  ] },
  { id: 'fo-2', name: l('车库巡查', 'Garage'), edition: 3, fields: [{ id: 'light', kind: 'check', label: l('照明', 'Lighting'), required: true, photo_on_fault: true }] },
];
export const routes: PatrolRoute[] = [
  { id: 'ro-1', name: l('园区', 'Grounds'), order: 'advised', stops: [
    { id: 'st-a', number: 1, target: { kind: 'checkpoint', id: 'cp-01' }, form: null },
    { id: 'st-b', number: 2, target: { kind: 'checkpoint', id: 'cp-14' }, form: 'fo-2' },
    { id: 'st-c', number: 3, target: { kind: 'asset', id: 'as-1' }, form: 'fo-1' },
  ] },
];
export const plans: Plan[] = [
  { id: 'pl-1', name: l('园区巡查', 'Grounds'), route: 'ro-1', stop: null, demand: 'P1-35', also: ['P1-37'], crew: 2, grace_min: 30, assignee: { kind: 'team', id: 'tm-1' }, recurrence: { kind: 'calendar', rule: 'FREQ=DAILY', days: 'all', shift: 'none', windows: [{ from: '22:00', to: '23:30' }, { from: '23:30', to: '02:00' }] }, special: null, starts_on: '2026-11-01', ends_on: null, paused: false, stand_in: true },
  { id: 'pl-4', name: l('水泵房', 'Pump rooms'), route: 'ro-1', stop: null, demand: 'P1-27', also: [], crew: 1, grace_min: 0, assignee: { kind: 'team', id: 'tm-2' }, recurrence: { kind: 'calendar', rule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR', days: 'all', shift: 'none', windows: [{ from: '08:00', to: '10:00' }] }, special: null, starts_on: '2026-11-01', ends_on: null, paused: true, stand_in: true },
];
export const companies: Company[] = [{ id: 'c-1', name: '捷达电梯' }];
export const people: Person[] = [
  { id: 'p-chen', name: '陈静', number: '001', trade: null, team: null, company: null, role: 'supervisor', login: 'chen', has_pin: false, has_badge: false, left: false },
  { id: 'p-wang', name: '王建国', number: '012', trade: 'guard', team: 'tm-1', company: null, role: 'worker', login: null, has_pin: true, has_badge: false, left: false },
  { id: 'p-zhao', name: '赵立军', number: '020', trade: 'technician', team: 'tm-2', company: null, role: 'worker', login: null, has_pin: false, has_badge: false, left: false },
  { id: 'p-old', name: '钱伟', number: '003', trade: 'guard', team: 'tm-1', company: null, role: 'worker', login: null, has_pin: true, has_badge: false, left: true },
];
export const tags: Tag[] = [
  { id: 't-1', target: spot('01', l('东门岗', 'East gate')), print_no: 1, short_code: '7K2M-Q1X4', retired: false, made_ms: at('10:15', -90) },
  { id: 't-3', target: spot('14', l('地下车库 B1 东', 'Garage B1 east')), print_no: 2, short_code: '7K2M-QX4P', retired: false, made_ms: at('10:15', -60) },
  { id: 't-2', target: spot('14', l('地下车库 B1 东', 'Garage B1 east')), print_no: 1, short_code: '5V9C-3WNE', retired: true, made_ms: at('10:15', -90) },
];
export const devices: Device[] = [
  { id: 'd-4', name: '4 号手机', state: 'active', enrolment: null, heard_ms: at('22:55'), clear_ms: at('22:55'), unsent_records: 0, unsent_photos: 1, unsent_oldest_wall: null, left_ms: null, wipe: null, wiped_ms: null, replaces: null, app: '0.1.0', person: { id: 'p-wang', name: '王建国' }, storage: { persisted: true, quota: 12_000_000_000, usage: 80_000_000 }, capabilities: { camera: true, keys: true }, ended: null, made_ms: at('10:00', -60) },
  { id: 'd-5', name: '5 号手机', state: 'active', enrolment: null, heard_ms: at('19:42'), clear_ms: at('18:01'), unsent_records: 3, unsent_photos: 0, unsent_oldest_wall: null, left_ms: null, wipe: null, wiped_ms: null, replaces: null, app: '0.1.0', person: { id: 'p-zhou', name: '周敏' }, storage: { persisted: false, quota: 2_000_000_000, usage: 1_700_000_000 }, capabilities: {}, ended: null, made_ms: at('10:00', -60) },
  { id: 'd-7', name: '旧手机', state: 'revoked', enrolment: null, heard_ms: at('12:00', -20), clear_ms: at('12:00', -20), unsent_records: 0, unsent_photos: 0, unsent_oldest_wall: null, left_ms: null, wipe: null, wiped_ms: null, replaces: null, app: '0.0.9', person: null, storage: {}, capabilities: {}, ended: null, made_ms: at('10:00', -90) },
];
export const quarantine: QuarantineRow[] = [
  { hash: `d00d${'0'.repeat(60)}`, log: 'k3v2k3v2k3v2k3v2k3v2k3v2k3', device: { id: 'd-5', name: '5 号手机' }, seq: 403, type: 'scan', code: 'bad_signature', received_ms: at('19:42'), body: '{"v":1,"seq":403}' },
];
/** 21 rows of modules that look like a code. */
export const qr = Array.from({ length: 25 }, (_, y) => Array.from({ length: 25 }, (_, x) => ((x * 7 + y * 13 + x * y) % 3 === 0 ? '1' : '0')).join(''));
