/** What comes down: the bodies of the rows, kind by kind (docs/protocol/entities.md). */

/** A name in both languages; an empty `en` shows `zh`. */
export type Label = { readonly zh: string; readonly en: string };

export type TargetRef = { kind: 'checkpoint' | 'asset'; id: string };

export type SiteBody = {
  id: string;
  name: Label;
  time_zone: string;
  /** Minutes after midnight at which the site's day begins. */
  day_start_min: number;
  /** Minutes without a touch after which the phone locks. */
  quiet_lock_min: number;
};
export type CheckpointBody = { id: string; number: string; name: Label; zone: Label | null; retired: boolean };
/** Of what weight a failure of it is: A stops the site, C can wait. */
export type Criticality = 'A' | 'B' | 'C';
export type AssetState = 'running' | 'stopped' | 'standby' | 'retired';
/** Members after `category` are absent in rows of an older server. */
export type AssetBody = CheckpointBody & {
  category: unknown;
  /** The asset that it is a part of. */
  parent?: string | null;
  maker?: string | null;
  model?: string | null;
  serial?: string | null;
  /** A year, a month or a day: `2014`, `2014-06`, `2014-06-03`. */
  installed_on?: string | null;
  warranty_until?: string | null;
  criticality?: Criticality | null;
  state?: AssetState | null;
  /** What whoever works on it must hold. */
  certificate?: string | null;
  /** Special equipment by law, and under which number the authority has registered it. */
  special?: boolean;
  registration?: string;
  /** The hash of its picture. */
  photo?: string | null;
};
export type TagBody = { id: string; hash: string; target: TargetRef; version: number; retired: boolean };
export type StopBody = {
  id: string;
  number: number;
  target: TargetRef;
  form: string | null;
  /** Its own window, in minutes after the round's start. */
  window?: { from_min: number; to_min: number };
  /** How long somebody stays on the spot, s. */
  dwell_s?: number;
  /** The least time in which it is reached from the stop before, s. */
  walk_s?: number;
  /** What whoever visits it must hold. */
  certificate?: string;
};
export type RouteBody = { id: string; name: Label; order: 'free' | 'advised'; enforced?: boolean; stops: StopBody[] };
export type PlanBody = {
  id: string;
  name: Label;
  route: string;
  demand: string | null;
  crew: number;
  /** Within how many minutes of each other both people of a crew scan. Absent in rows of an older server. */
  crew_within_min?: number;
  grace_min: number;
  team: string | null;
  /** Whether a colleague may take a round over unmarked. Absent in rows of an older server. */
  stand_in?: boolean;
  /** To whom it is given: a team, a post (whose team stands in `team`), a person, a company. Absent in rows of an older server. */
  assignee?: { kind: 'team' | 'post' | 'person' | 'company'; id: string; name?: Label | string | null } | null;
  /** Of a special round: why it is walked. Absent in rows of an older server. */
  special?: { why: string; text: string } | null;
};
export type OccurrenceBody = {
  id: string;
  plan: string;
  from_ms: number;
  to_ms: number;
  /** How long after `to_ms` it may still be made up. */
  grace_ms: number;
  /** Which of those that share its window. Absent in rows of an older server: it shares none. */
  number?: number;
  excused: { why: string } | null;
};
/** How far a round is, as the server knew it at `known_ms`; there is a row only once somebody reached a stop. */
export type ProgressBody = {
  /** The occurrence's. */
  id: string;
  state: 'upcoming' | 'open' | 'progress' | 'done' | 'late' | 'partial' | 'missed' | 'excused' | 'unheard' | 'unproven';
  /** The stops that somebody reached. */
  stops: string[];
  /** Who reached them. */
  people: string[];
  known_ms: number;
};
export type PersonBody = {
  id: string;
  name: string;
  number: string;
  /** The trade. */
  role: string;
  team: string | null;
  /** The hash of the badge that was printed last. */
  badge?: string;
  /** Whether they lead the team. Absent in rows of an older server. */
  leader?: boolean;
  /** Of a contractor, the company. Absent in rows of an older server. */
  company?: string | null;
  /** What they hold, and its last day (`2027-03-31`), null for one that does not expire. Absent where there is none. */
  certificates?: { kind: string; until: string | null }[];
};
export type TeamBody = { id: string; name: Label };
/** A plan of the site as a picture, and what lies where on it: ten-thousandths of its width and height. */
export type MapBody = {
  id: string;
  number: number;
  name: Label;
  image: { sha256: string; size: number; width: number; height: number };
  pins: { target: TargetRef; x: number; y: number }[];
};
/** A paper that belongs to assets: how it is run, how it is kept up, its drawing, its certificate. */
export type DocumentBody = {
  id: string;
  title: Label;
  kind: 'procedure' | 'standard' | 'drawing' | 'certificate' | 'other';
  assets: string[];
  /** It belongs to every asset of these. */
  categories?: string[];
  /** `pages` are pictures that come down by `picture`. */
  file: { sha256: string; size: number; mime: string; pages: { sha256: string; width: number; height: number; size: number }[] };
};
/** A counter or gauge of an asset. */
export type MeterBody = {
  id: string;
  asset: string;
  key: string;
  number: string;
  name: Label;
  /** The edition of its definition that is in force. */
  edition: number;
  unit: string;
  decimals: number;
  kind: 'gauge' | 'counter';
  /** Where a counter begins again at 0; null: it does not. */
  max?: string | null;
  limits: Limits;
  /** Limits of a part of the year, from a day to a day. */
  seasons?: { from: string; to: string; limits: Limits }[];
  /** The most plausible change in an hour. */
  jump?: string | null;
  retired?: boolean;
  /** How often it was exchanged, as far as the server knows. Absent in rows of an older server. */
  exchanges?: number;
  /** What it showed last, as far as the server knows. */
  last: { value: string; at_ms: number; level?: 'normal' | 'warning' | 'alarm' | null } | null;
};

export const ORDER_STATES = ['open', 'dispatched', 'accepted', 'working', 'paused', 'done', 'verified', 'closed', 'cancelled'] as const;
export type OrderStateName = (typeof ORDER_STATES)[number];
export type OrderKind = 'repair' | 'upkeep' | 'request' | 'inspection' | 'rectify' | 'other';
export const ORDER_CLASSES = ['water', 'power', 'gas', 'lift', 'lighting', 'glass', 'door', 'fire', 'leak', 'other'] as const;
export type OrderClass = (typeof ORDER_CLASSES)[number];
/** Whose work it is. A company is named, for no row of the phone says what it is called. */
export type OrderAssignee = { kind: 'person' | 'team' | 'company'; id: string; name?: string };
export type OrderDeadline = {
  clause: string;
  what: 'arrive' | 'repair' | 'follow' | 'answer' | 'report';
  due_ms: number;
  state: 'running' | 'met' | 'late' | 'missed' | 'unheard' | 'unproven' | 'paused';
};
/** A work order as the server sees it (docs/protocol/orders.md). */
/** A photo of whoever asked, and the hash of a small one; both come by `picture`. */
export type OrderPhoto = { sha256: string; width: number; height: number; thumb: string };

export type OrderBody = {
  id: string;
  number: string;
  kind: OrderKind;
  class: OrderClass;
  urgency: 'normal' | 'urgent';
  state: OrderStateName;
  title: Label | null;
  /** The words of whoever opened it, where they may be shown. */
  note: string | null;
  target: TargetRef | null;
  place: string | null;
  /** What asked for it; `name` is what people call that, such as the number of a request. */
  source: { kind: 'finding' | 'request' | 'upkeep' | 'office' | 'phone'; id: string; name?: string };
  /** Photos of whoever asked; absent in rows of a server that had none. */
  photos?: OrderPhoto[];
  /** To whom it is given. */
  assignee: OrderAssignee | null;
  /** The person who took it. */
  holder: string | null;
  /** The checklist that is filled before it is done. */
  form: string | null;
  opened_ms: number;
  /** When it is due by the office's word; clauses have theirs beside it. */
  due_ms: number | null;
  deadlines: OrderDeadline[];
  next_due_ms: number | null;
  paused: { reason: string; until_ms: number | null; since_ms: number; was: OrderStateName } | null;
  done: { event: string; by: string | null; at_ms: number; result: string | null } | null;
  returned: { event: string; by: string | null; at_ms: number; reason: string } | null;
  /** What a medium or large one costs has to be agreed to first. */
  proposal?: 'asked' | 'approved' | 'declined' | null;
  parts_wanted?: unknown;
  /** How many things the field and the office said differently and nobody has settled. */
  conflicts: number;
  asks_signature: boolean;
};

/** A spare part or consumable of the site's store. Quantities are decimal texts. */
export type PartBody = {
  id: string;
  number: string;
  name: Label;
  unit: string;
  category?: string;
  /** What a scanner reads on the shelf or the box. */
  code?: string | null;
  /** What there is by the moves that the server has; it may be below nothing. */
  stock: string;
  minimum: string | null;
  /** Where it lies, in words. */
  places: string[];
  retired: boolean;
};

export type Limits = { alarm_low?: string; warn_low?: string; warn_high?: string; alarm_high?: string };
/** When a field is asked, or must be answered: what an earlier field has to say. */
export type Condition = { field: string } & (
  | { is: string }
  | { in: string[] }
  | { over: string }
  | { under: string }
  | { level: ('normal' | 'warning' | 'alarm' | 'fault')[] }
);
/** A picture that comes down by its hash. */
export type GuidePicture = { sha256: string; size: number; mime: string; width: number; height: number };
/** What to look at and how: some words, a picture, or both. */
export type Guide = { text?: Label; picture?: GuidePicture };
export type FieldCommon = { id: string; label: Label; required?: boolean | Condition; hint?: Label; guide?: Guide; if?: Condition };
export type CheckField = FieldCommon & { kind: 'check'; photo_on_fault?: boolean };
export type NumberField = FieldCommon & { kind: 'number'; unit?: string; decimals?: number; limits?: Limits };
/** The reading of the asset's meter with this key. */
export type MeterField = FieldCommon & { kind: 'meter'; meter: string; unit?: string; decimals?: number };
/** What a formula over earlier numbers comes to. */
export type ComputedField = FieldCommon & { kind: 'computed'; formula: string; unit?: string; decimals?: number; limits?: Limits };
export type ChoiceOption = { id: string; label: Label; fault?: boolean };
export type ChoiceField = FieldCommon & { kind: 'choice'; options: ChoiceOption[] };
export type SeveralField = FieldCommon & { kind: 'several'; options: ChoiceOption[] };
export type TextField = FieldCommon & { kind: 'text'; max?: number; voice?: boolean };
export type VoiceField = FieldCommon & { kind: 'voice' };
export type PhotoField = FieldCommon & { kind: 'photo'; min?: number; camera_only?: boolean; mark_up?: boolean; stamp?: boolean };
export type SignatureField = FieldCommon & { kind: 'signature'; name?: boolean };
export type TimeField = FieldCommon & { kind: 'time'; of?: 'time' | 'date' | 'both' };
export type PartField = FieldCommon & { kind: 'part' };
export type FormField =
  | CheckField
  | ChoiceField
  | ComputedField
  | MeterField
  | NumberField
  | PartField
  | PhotoField
  | SeveralField
  | SignatureField
  | TextField
  | TimeField
  | VoiceField;
export type FormBody = { id: string; name: Label; edition: number; fields: FormField[] };

/** The bodies by the kind of their row. */
export type Bodies = {
  site: SiteBody;
  checkpoint: CheckpointBody;
  asset: AssetBody;
  tag: TagBody;
  form: FormBody;
  route: RouteBody;
  plan: PlanBody;
  occurrence: OccurrenceBody;
  progress: ProgressBody;
  person: PersonBody;
  team: TeamBody;
  map: MapBody;
  document: DocumentBody;
  meter: MeterBody;
  order: OrderBody;
  part: PartBody;
};
export type Kind = keyof Bodies;
export const KINDS: readonly Kind[] = [
  'site', 'checkpoint', 'asset', 'tag', 'form', 'route', 'plan', 'occurrence', 'progress', 'person', 'team', 'map', 'document',
  'meter', 'order', 'part',
]; // prettier-ignore
