/** The least shape that a row must have before the phone works with it. What does not fit is passed over. */
import { ORDER_STATES, type Bodies, type FormBody, type FormField, type Kind } from './entities';
import {
  BILINGUAL, BOOLEAN, COUNT, HASH, OBJECT, UUID, VERSION, either, list, literal, nullable, open, optional, read, text, type Schema,
} from './schema'; // prettier-ignore

const TEXT = text(1_000);
const TARGET = open({ kind: literal('checkpoint', 'asset'), id: UUID });
const ANY_INTEGER: Schema<number> = (value) => (Number.isInteger(value) ? { value: value as number } : null);
const place = { id: UUID, number: TEXT, name: BILINGUAL, retired: BOOLEAN };

const terms = {
  window: optional(open({ from_min: COUNT, to_min: COUNT })),
  dwell_s: optional(COUNT),
  walk_s: optional(COUNT),
  certificate: optional(TEXT),
};

const SHAPES: Record<Kind, Schema<unknown>> = {
  site: open({ id: UUID, name: BILINGUAL, time_zone: TEXT, day_start_min: COUNT, quiet_lock_min: COUNT }),
  checkpoint: open(place),
  asset: open({
    ...place,
    parent: optional(nullable(UUID)),
    maker: optional(nullable(TEXT)),
    model: optional(nullable(TEXT)),
    serial: optional(nullable(TEXT)),
    installed_on: optional(nullable(TEXT)),
    warranty_until: optional(nullable(TEXT)),
    certificate: optional(nullable(TEXT)),
    photo: optional(nullable(HASH)),
    special: optional(BOOLEAN),
    registration: optional(TEXT),
  }),
  tag: open({ id: UUID, hash: HASH, target: TARGET, version: VERSION, retired: BOOLEAN }),
  form: open({ id: UUID, name: BILINGUAL, edition: VERSION, fields: list(OBJECT, 100) }),
  route: open({
    id: UUID,
    name: BILINGUAL,
    order: literal('free', 'advised'),
    enforced: optional(BOOLEAN),
    stops: list(open({ id: UUID, number: COUNT, target: TARGET, form: nullable(UUID), ...terms }), 1_000),
  }),
  plan: open({
    id: UUID,
    name: BILINGUAL,
    route: UUID,
    crew: COUNT,
    crew_within_min: optional(COUNT),
    grace_min: COUNT,
    team: nullable(UUID),
    stand_in: optional(BOOLEAN),
    assignee: optional(nullable(open({ kind: literal('team', 'post', 'person', 'company'), id: UUID }))),
    special: optional(nullable(open({ why: TEXT, text: TEXT }))),
  }),
  occurrence: open({ id: UUID, plan: UUID, from_ms: ANY_INTEGER, to_ms: ANY_INTEGER, grace_ms: COUNT }),
  progress: open({
    id: UUID,
    state: literal('upcoming', 'open', 'progress', 'done', 'late', 'partial', 'missed', 'excused', 'unheard', 'unproven'),
    stops: list(UUID, 1_000),
    people: list(UUID, 1_000),
    known_ms: ANY_INTEGER,
  }),
  person: open({
    id: UUID,
    name: TEXT,
    number: TEXT,
    role: TEXT,
    team: nullable(UUID),
    badge: optional(HASH),
    leader: optional(BOOLEAN),
    company: optional(nullable(TEXT)),
    certificates: optional(list(open({ kind: TEXT, until: nullable(TEXT) }), 100)),
  }),
  team: open({ id: UUID, name: BILINGUAL }),
  map: open({
    id: UUID,
    number: COUNT,
    name: BILINGUAL,
    image: open({ sha256: HASH, size: COUNT, width: VERSION, height: VERSION }),
    pins: list(open({ target: TARGET, x: COUNT, y: COUNT }), 500),
  }),
  document: open({
    id: UUID,
    title: BILINGUAL,
    kind: TEXT,
    assets: list(UUID, 10_000),
    categories: optional(list(TEXT, 100)),
    file: open({ sha256: HASH, size: COUNT, mime: TEXT, pages: list(open({ sha256: HASH, size: COUNT, width: VERSION, height: VERSION }), 200) }),
  }),
  meter: open({
    id: UUID,
    asset: UUID,
    key: TEXT,
    name: BILINGUAL,
    edition: VERSION,
    unit: TEXT,
    decimals: COUNT,
    limits: OBJECT,
    last: nullable(open({ value: TEXT, at_ms: ANY_INTEGER })),
  }),
  order: open({
    id: UUID,
    number: TEXT,
    kind: TEXT,
    class: TEXT,
    urgency: literal('normal', 'urgent'),
    state: literal(...ORDER_STATES),
    title: nullable(BILINGUAL),
    note: nullable(text(4_000)),
    target: nullable(TARGET),
    place: nullable(TEXT),
    source: open({ kind: TEXT, id: TEXT, name: optional(TEXT) }),
    photos: optional(list(open({ sha256: HASH, width: VERSION, height: VERSION, thumb: HASH }), 200)),
    assignee: nullable(open({ kind: literal('person', 'team', 'company'), id: UUID, name: optional(TEXT) })),
    holder: nullable(UUID),
    form: nullable(UUID),
    opened_ms: ANY_INTEGER,
    due_ms: nullable(ANY_INTEGER),
    paused: nullable(open({ reason: TEXT, until_ms: nullable(ANY_INTEGER), since_ms: ANY_INTEGER, was: literal(...ORDER_STATES) })),
    done: nullable(open({ event: TEXT, by: nullable(UUID), at_ms: ANY_INTEGER, result: nullable(TEXT) })),
    returned: nullable(open({ event: TEXT, by: nullable(UUID), at_ms: ANY_INTEGER, reason: TEXT })),
    deadlines: list(open({ clause: TEXT, what: TEXT, due_ms: ANY_INTEGER, state: TEXT }), 50),
    next_due_ms: nullable(ANY_INTEGER),
    conflicts: COUNT,
    asks_signature: BOOLEAN,
  }),
  part: open({
    id: UUID,
    number: TEXT,
    name: BILINGUAL,
    unit: TEXT,
    code: optional(nullable(TEXT)),
    stock: TEXT,
    minimum: nullable(TEXT),
    places: list(TEXT, 50),
    retired: BOOLEAN,
  }),
};

const CONDITION = open({ field: TEXT });
const GUIDE = open({ text: optional(BILINGUAL), picture: optional(open({ sha256: HASH })) });
const field = {
  id: TEXT,
  label: BILINGUAL,
  required: optional(either(BOOLEAN, CONDITION)),
  if: optional(CONDITION),
  guide: optional(GUIDE),
};
const OPTIONS = list(open({ id: TEXT, label: BILINGUAL }), 20);
const FIELDS: Record<FormField['kind'], Schema<unknown>> = {
  check: open({ ...field, kind: literal('check') }),
  number: open({ ...field, kind: literal('number') }),
  meter: open({ ...field, kind: literal('meter'), meter: TEXT }),
  computed: open({ ...field, kind: literal('computed'), formula: TEXT }),
  choice: open({ ...field, kind: literal('choice'), options: OPTIONS }),
  several: open({ ...field, kind: literal('several'), options: OPTIONS }),
  text: open({ ...field, kind: literal('text') }),
  voice: open({ ...field, kind: literal('voice') }),
  photo: open({ ...field, kind: literal('photo') }),
  signature: open({ ...field, kind: literal('signature') }),
  time: open({ ...field, kind: literal('time'), of: optional(literal('time', 'date', 'both')) }),
  part: open({ ...field, kind: literal('part') }),
};

/** The body of a row, or null when it has not the shape of its kind. Fields of a kind to come are left out of a form. */
export function bodyOf<K extends Kind>(kind: K, body: unknown): Bodies[K] | null {
  if (read(SHAPES[kind], body) === null) return null;
  if (kind !== 'form') return body as Bodies[K];
  const form = body as FormBody;
  const fields = form.fields.filter((one) => {
    return Object.hasOwn(FIELDS, one.kind) && FIELDS[one.kind](one) !== null;
  });
  return { ...form, fields } as unknown as Bodies[K];
}
