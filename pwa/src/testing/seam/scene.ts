/** One night at the Happiness Garden: what tests and pictures of the screens show. */
import type { FormBody, Label } from '../../protocol/entities';
import type { LogEntry } from '../../state/log';
import type { RoundView, StopView } from '../../state/today';
import { device, log, maps, now, others, person, phase, QUIET, roster, rounds, scheduledUntil, site, sync, taken } from './state';

const at = (time: string, day = 22) => Date.parse(`2026-11-${day}T${time}:00+08:00`);
const label = (zh: string, en: string): Label => ({ zh, en });

export const pumpRoom: FormBody = {
  id: 'f-pump',
  name: label('水泵房', 'Pump room'),
  edition: 3,
  fields: [
    { id: 'leaks', kind: 'check', label: label('有没有跑冒滴漏？', 'Any leaks?'), required: true, photo_on_fault: true },
    {
      id: 'pressure',
      kind: 'number',
      label: label('出水压力', 'Outlet pressure'),
      required: true,
      unit: 'MPa',
      decimals: 2,
      limits: { alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' },
    },
    { id: 'dial', kind: 'photo', label: label('表盘照片', 'Photo of the dial'), min: 1, required: true },
    {
      id: 'running',
      kind: 'choice',
      label: label('哪台泵在运行', 'Which pump runs'),
      required: true,
      options: [
        { id: 'p1', label: label('1 号泵', 'Pump 1') },
        { id: 'p2', label: label('2 号泵', 'Pump 2') },
        { id: 'none', label: label('都没开', 'None'), fault: true },
      ],
    },
    { id: 'remark', kind: 'text', label: label('备注', 'Remark') },
  ],
};

const names: [string, string][] = [
  ['东门岗', 'East gate'],
  ['3 号楼大堂', 'Lobby 3'],
  ['地下车库 B1 西', 'Garage B1 west'],
  ['地下车库 B1 东', 'Garage B1 east'],
  ['生活水泵房', 'Pump room'],
  ['儿童乐园', 'Playground'],
  ['西门岗', 'West gate'],
];

function stop(i: number): StopView {
  const visited = [at('22:08'), at('22:24'), at('22:36')][i] ?? null;
  return {
    id: `s-${i + 1}`,
    number: i + 1,
    name: label(...names[i]!),
    zone: i === 2 || i === 3 ? label('地下一层', 'Basement') : null,
    target: { kind: 'checkpoint', id: `c-${i + 1}` },
    form: i === 4 ? pumpRoom : null,
    state: i === 2 ? 'fault' : visited !== null ? 'done' : i === 3 ? 'next' : 'todo',
    at: visited,
    faults: i === 2 ? 1 : 0,
    records: visited === null ? [] : [`hash-${i}`],
    window: null,
    stay: null,
    certificate: null,
    skipped: null,
    both: false,
    signed: visited === null ? [] : ['p-1'],
    reached: false,
  };
}

/** The round that is being walked: three of seven stops done, one of them with a fault. */
export const nightRound: RoundView = {
  occurrence: 'o-1',
  plan: 'p-1',
  route: 'r-1',
  name: label('园区夜巡', 'Grounds, night'),
  demand: 'P1-35',
  ordinal: 1,
  from: at('22:00'),
  to: at('23:30'),
  graceTo: at('23:59'),
  crew: 2,
  together: { withinMs: 600_000, drawn: [] },
  enforced: false,
  state: 'progress',
  stops: names.map((_, i) => stop(i)),
  done: 3,
  makeup: false,
  owner: null,
  ownerName: null,
  standIn: true,
  special: null,
  known: null,
};

const later = (id: string, name: Label, from: number, to: number, more: Partial<RoundView>): RoundView => ({
  ...nightRound,
  occurrence: id,
  name,
  from,
  to,
  graceTo: to,
  crew: 1,
  together: null,
  done: 0,
  stops: nightRound.stops.map((each, i) => ({ ...each, state: i === 0 ? 'next' : 'todo', at: null, faults: 0, records: [] })),
  ...more,
});

const receipt = { from: 801, to: 810, receivedMs: at('22:31'), checkWord: '7F3K-92QD-M7XA', ledgerPos: 40812 };

function entry(seq: number, time: string, place: string, more: Partial<LogEntry>): LogEntry {
  return {
    seq,
    hash: `hash-${seq - 808}`,
    type: 'scan',
    at: at(time),
    title: { key: 'kind.scan.place', values: { place } },
    own: true,
    state: 'received',
    marks: [],
    code: null,
    photos: [],
    receipt: seq <= 810 ? receipt : null,
    explained: [],
    time: { lower: at(time) - 600_000, upper: seq <= 810 ? receipt.receivedMs : null, estimate: at(time), quality: seq <= 810 ? 'A' : 'B' },
    ...more,
  };
}

/** Set the whole scene; a test changes what it is about. */
export function setScene(): void {
  now.value = at('22:41');
  phase.value = 'signed-in';
  device.value = {
    id: 'd-4',
    name: '4 号手机',
    site: { id: 'site', name: '幸福花园' },
    organisation: { id: 'org', name: '和居物业' },
    checkWord: '7F3K-92QD',
    log: 'k3v2mzq7abcdefghijklmnopqr',
  };
  site.value = { id: 'site', name: label('幸福花园', 'Happiness Garden'), time_zone: 'Asia/Shanghai', day_start_min: 360, quiet_lock_min: 15 };
  const people = ['王建国', '刘海涛', '周敏', '赵立军', '李秀兰', '孙志强'];
  const roles = ['guard', 'guard', 'guard', 'technician', 'cleaner', 'supervisor'];
  roster.value = people.map((name, i) => ({ id: `w-${i}`, name, number: String(i + 1), role: roles[i]!, team: null }));
  person.value = roster.value[0]!;
  sync.value = { ...QUIET, unsent: 3, photosUnsent: 1, receivedUpTo: 810, lastFullRound: at('22:31') };
  rounds.value = [
    nightRound,
    later('o-2', label('配电室巡视', 'Switch room'), at('22:30'), at('23:59'), { state: 'open' }),
    later('o-3', nightRound.name, at('00:30', 23), at('02:00', 23), { state: 'upcoming', ordinal: 2, crew: 2 }),
    later('o-0', label('楼内巡逻', 'Buildings'), at('20:00'), at('22:00'), { state: 'done', done: 7 }),
  ];
  others.value = [
    later('o-9', label('A1 区中班', 'Zone A1'), at('22:00'), at('23:00'), { state: 'open', owner: { kind: 'team', id: 't-a' } }),
  ];
  taken.value = new Set();
  maps.value = [
    {
      id: 'm-1',
      name: label('园区平面图', 'Grounds'),
      sha256: 'ee'.repeat(32),
      width: 1600,
      height: 1200,
      pins: nightRound.stops.slice(0, 5).map((each, i) => ({ stop: each.id, number: each.number, name: each.name, state: each.state, x: 1_500 + i * 1_700, y: 2_000 + (i % 2) * 4_500 })),
      elsewhere: 2,
    },
  ];
  scheduledUntil.value = at('23:59', 30) + 7 * 86_400_000;
  log.value = [
    entry(813, '22:53', '生活水泵房', { type: 'answers', title: { key: 'kind.answers.place', values: { place: '生活水泵房' } }, state: 'saved' }),
    entry(812, '22:44', '地下车库 B1 东', { state: 'sending' }),
    entry(811, '22:36', '地下车库 B1 西', { state: 'saved', photos: [{ sha256: 'aa', role: 'photo', state: 'lost' }] }),
    entry(810, '22:24', '3 号楼大堂', { marks: ['too_fast'] }),
    entry(809, '22:08', '东门岗', { photos: [{ sha256: 'bb', role: 'frame', state: 'saved' }] }),
    entry(808, '21:58', '', { type: 'shift.start', title: { key: 'kind.shift.start', values: {} } }),
    entry(807, '21:40', '', { title: { key: 'kind.scan.unknown', values: {} }, state: 'attention', code: 'schema' }),
  ];
}
