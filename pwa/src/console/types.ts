/** What the console's API says, as docs/architecture.md and the server's schemas have it. Moments are ms since 1970 UTC. */
import type { DueSoon } from './assetTypes';
import type { Correction, Told } from './told';
import type { Recurrence } from './planTypes';
import type { Explanation, StandIn } from './saidTypes';
import type { FieldKind, FormField, Limits } from './formTypes';
import type { Label } from '../i18n/label';
import type { Expiring, HeldCertificate, SkipCounts, StopAsked } from './routeTypes';

export type Role = 'administrator' | 'supervisor' | 'team_leader' | 'desk' | 'worker' | 'contractor' | 'viewer';
/** What a role may do at a site: the table of docs/access.md. */
export type Capability =
  | 'see.board' | 'see.plan' | 'see.findings' | 'see.evidence' | 'see.photos' | 'see.location' | 'see.people' | 'see.phones' | 'see.quarantine' | 'see.audit' | 'see.assets' | 'see.orders'
  | 'excuse' | 'comment' | 'dispatch' | 'handle.requests' | 'change.plan' | 'change.assets' | 'change.stock' | 'change.people' | 'print.tags' | 'enrol.phone' | 'revoke.phone' | 'import' | 'export' | 'administer'; // prettier-ignore
export type SiteRef = { id: string; name: Label; time_zone: string; day_start_min: number; role: Role; may: readonly Capability[]; demo: boolean };
export type Session = {
  person: { id: string; name: string; login: string };
  organisation: { id: string; name: string; demo: boolean };
  /** What they have besides the password; `needed` says that they must set it up before anything else. */
  factors: { totp: boolean; passkeys: number; recovery_left: number; needed: boolean };
  administrator: boolean;
  /** Whether the password or a passkey was given a short while ago. */
  fresh: boolean;
  /** A backup took the place of the database not long ago: somebody said so (`restore`), or the server found out. */
  history?: { since_ms: number; why: 'restore' | 'older' | 'cluster' } | null;
  /** By how much the server's clock is behind what it has already stated; 0 when it may be believed. */
  clock_behind_ms?: number;
  sites: SiteRef[];
  version: string;
};

/** What a page of a site is given; `id` names one thing of it or is `new`. */
export type PageProps = { site: SiteRef; id: string | null };

export type Site = { id: string; name: Label; time_zone: string; day_start_min: number; quiet_lock_min: number; daytime: { from_min: number; to_min: number } | null; holidays: 'none' | 'CN'; demo: boolean };
export type Zone = { id: string; name: Label; parent: string | null };
export type TagRef = { id: string; print_no: number; short_code: string; retired: boolean };
/** Where a place is: degrees times 10^7. */
export type Position = { lat: number; lon: number };
export type Checkpoint = {
  id: string;
  number: string;
  name: Label;
  zone: string | null;
  position: Position | null;
  retired: boolean;
  tag: TagRef | null;
  /** How many routes have it as a stop. */
  used_by: number;
};
export type Team = { id: string; name: Label };

export type Form = { id: string; name: Label; edition: number; fields: FormField[] };

export type TargetKind = 'checkpoint' | 'asset';
export type TargetRef = { kind: TargetKind; id: string };
export type Place = TargetRef & { number: string; name: Label };

export type * from './formTypes';
export type * from './assetTypes';
export type * from './planTypes';
export type * from './routeTypes';

export type Trade = 'guard' | 'cleaner' | 'technician';
export type Person = {
  id: string;
  name: string;
  number: string;
  trade: Trade | null;
  team: string | null;
  /** Of a contractor, whose company it is. */
  company: string | null;
  role: Role;
  login: string | null;
  has_pin: boolean;
  has_badge: boolean;
  left: boolean;
  certificates?: HeldCertificate[];
};
export type Company = { id: string; name: string };
/** A person of the organisation with their roles, as an administrator sees them. */
export type Known = { id: string; name: string; number: string; administrator: boolean; left: boolean; roles: { site: string; role: Role }[] };

export type Tag = { id: string; target: Place; print_no: number; short_code: string; retired: boolean; made_ms: number };
export type SheetSize = '50x70' | '40x60' | '80x110';

export type EnrolmentState = 'open' | 'waiting' | 'active' | 'refused' | 'over';
/** A new enrolment; `qr` is one string of 0 and 1 per row of modules. */
export type NewEnrolment = { id: string; code: string; url: string; qr: string[]; expires_ms: number };
export type Enrolment = {
  id: string;
  state: EnrolmentState;
  check_word: string | null;
  device: { id: string; name: string; capabilities: Record<string, string | boolean> } | null;
  expires_ms: number;
};
export type Device = {
  id: string;
  name: string;
  state: string;
  /** The enrolment in which it waits for the supervisor's word. */
  enrolment: string | null;
  heard_ms: number | null;
  /** When it last said that it keeps nothing unsent. */
  clear_ms: number | null;
  unsent_records: number;
  unsent_photos: number;
  /** The phone's own clock at its oldest unsent record. */
  unsent_oldest_wall: number | null;
  left_ms: number | null;
  /** The order to wipe itself that it has, and how much may be lost with it. */
  wipe: { ordered_ms: number; records: number; photos: number } | null;
  wiped_ms: number | null;
  replaces: string | null;
  app: string;
  person: { id: string; name: string } | null;
  storage: Record<string, unknown>;
  capabilities: Record<string, string | boolean>;
  /** Where its log ended when its store was cleared, and the last number of it that came. */
  ended: { seq: number; received: number } | null;
  made_ms: number;
};

/** The last that is known of a phone. */
export type DeviceTrace = Device & {
  last_person: { id: string; name: string } | null;
  last_ms: number | null;
  /** Records that wait for a supervisor's yes. */
  apart: number;
  replaced_by: { id: string; name: string } | null;
};

export type OccurrenceState =
  | 'upcoming' | 'open' | 'progress' | 'done' | 'late' | 'partial' | 'missed' | 'excused' | 'unheard' | 'unproven';
export type HeardDevice = { id?: string; name: string; heard_ms: number | null };
export type BoardWindow = SkipCounts & {
  occurrence: string;
  ordinal: number;
  from_ms: number;
  to_ms: number;
  grace_ms: number;
  state: OccurrenceState;
  done: number;
  total: number;
  /** When the last stop was first reached; estimated. */
  end_ms: number | null;
  people: string[];
  device: HeardDevice | null;
  excused: { why: string; by: string } | null;
  faults: number;
  stand_ins: StandIn[];
  /** How many paper sheets are in force. */
  papers: number;
};
export type BoardPlan = { id: string; name: Label; demand: string | null; crew: 1 | 2; recurrence: Recurrence };
export type Lane = { plan: BoardPlan; windows: BoardWindow[] };
export type Level = 'normal' | 'warning' | 'alarm';
export type Reading = { label: Label; value: string | null; unit: string | null; level: Level | null };
export type AttentionKind = 'unheard' | 'missed' | 'alarm' | 'unproven' | 'partial' | 'marked' | 'quarantined' | 'certificate' | 'due' | 'corrected';
export type Attention = {
  kind: AttentionKind;
  occurrence: string | null;
  visit: string | null;
  plan: Label | null;
  from_ms: number | null;
  to_ms: number | null;
  done: number | null;
  total: number | null;
  device: HeardDevice | null;
  reading: Reading | null;
  lower_ms: number | null;
  upper_ms: number | null;
  stops: Label[] | null;
  /** How many alarms the meter gave, or how many visits of the round are marked. */
  count: number | null;
  /** The marks of those visits, the most frequent first. */
  marks: { mark: string; count: number }[] | null;
  certificate?: Expiring | null;
  due?: DueSoon | null;
  correction?: Correction | null;
};
export type Whereabouts = {
  person: { id: string; name: string };
  device: { id: string; name: string };
  plan: Label | null;
  done: number | null;
  total: number | null;
  at: Label | null;
  heard_ms: number | null;
  silent: boolean;
};
export type Sums = Record<OccurrenceState, number> & {
  /** Windows closed, less the excused. */
  due: number;
  low: string | null;
  high: string | null;
};
export type Board = {
  site: string;
  day: string;
  from_ms: number;
  to_ms: number;
  now_ms: number;
  received_ms: number | null;
  phones: { total: number; silent: number };
  sums: Sums;
  lanes: Lane[];
  attention: Attention[];
  whereabouts: Whereabouts[];
};

export type Quality = 'A' | 'B' | 'C' | 'D';
export type VisitRow = {
  id: string;
  occurrence: string | null;
  plan: Label | null;
  stop_number: number | null;
  place: Place | null;
  person: { id: string; name: string } | null;
  device: { id: string; name: string };
  estimate_ms: number;
  lower_ms: number | null;
  upper_ms: number;
  quality: Quality;
  marks: string[];
  faulty: boolean;
  photos: number;
  photos_pending: number;
  readings: Reading[];
  late: boolean;
  received_ms: number;
  seq: number;
  result: string;
};
export type VisitPage = { visits: VisitRow[]; next: string | null };

export type RoundStop = StopAsked & {
  id: string;
  number: number;
  name: Label | null;
  zone: Label | null;
  target: TargetRef;
  form: { id: string; name: Label | null } | null;
  state: 'todo' | 'done' | 'fault' | 'paper';
  visits: VisitRow[];
};
export type Round = BoardWindow & {
  plan: BoardPlan;
  stops: RoundStop[];
  /** The key of the sentence that says why the round is in its state, and the figures in it. */
  why: { key: string; params: Record<string, unknown> };
  phones: { device: { id: string; name: string }; heard_ms: number | null; clear_ms: number | null; carries: boolean }[];
  /** What was told of it, the first first. */
  reports?: Told[];
};

export type BlobState = 'stored' | 'pending' | 'lost' | 'damaged' | 'expired' | 'erased';
/** `of`: this is the photo as it was taken, before that one was drawn on. */
export type Photo = { sha256: string; size: number; role: string; field: string | null; of: string | null; state: BlobState; url: string | null; reused: boolean };
export type Answer = {
  field: string;
  label: Label;
  kind: FieldKind;
  value: unknown;
  shown: Label | null;
  level: Level | null;
  limits: Limits | null;
  unit: string | null;
  fault: boolean;
  text: string | null;
};
export type ChainRecord = { seq: number; hash: string; type: string | null; title: Label | null; this: boolean; signature: 'verified' | 'bad' | 'weak' };
/** A visit with everything that speaks for it; `photos` lists here what a row only counts. */
export type Evidence = Omit<VisitRow, 'photos'> & {
  occurrence_view: BoardWindow | null;
  frame: Photo | null;
  photos: Photo[];
  answers: Answer[];
  form: { id: string; name: Label; edition: number } | null;
  note: string | null;
  /** What the camera read where it was no tag. */
  raw: string | null;
  /** Degrees times 10^7; metres. Where it lies from the place is null where the place's own position is not known. */
  geo: { lat: number; lon: number; accuracy: number | null; age_ms: number | null; away_m: number | null; east_m: number | null; north_m: number | null; far: boolean } | null;
  /** Whether the record says where it was made, or why that is not shown. */
  location: 'given' | 'refused' | 'unavailable' | 'unsaid' | 'gone' | 'hidden';
  explanations: Explanation[];
  findings: FindingRow[];
  time: {
    wall_ms: number;
    tz: string;
    lower_ms: number | null;
    estimate_ms: number;
    upper_ms: number;
    quality: Quality;
    before: { server_ms: number } | null;
    after: { received_ms: number } | null;
    marks: string[];
  };
  chain: {
    log: string;
    device: { id: string; name: string };
    records: ChainRecord[];
    gap_before: boolean;
    gap_after: boolean;
    receipt: { from: number; to: number; received_ms: number; ledger_pos: number; check_word: string } | null;
  };
  tag: { print_no: number | null; proof: 'proven' | 'unproven' | 'none' } | null;
  record: { body: string; sig: string; hash: string };
};
export type FindingRow = {
  id: string;
  visit: string | null;
  occurrence: string | null;
  record: string;
  /** `answer` for what a form's answer opened, else what somebody reported. */
  kind: string;
  urgency: string;
  level: Level | 'fault' | null;
  field: string | null;
  label: Label | null;
  value: string | null;
  unit: string | null;
  place: Place | null;
  person: { id: string; name: string } | null;
  device: { id: string; name: string };
  lower_ms: number | null;
  estimate_ms: number;
  upper_ms: number;
  quality: Quality;
  marks: string[];
};
export type QuarantineRow = {
  hash: string;
  log: string;
  device: { id: string; name: string };
  seq: number | null;
  type: string | null;
  code: string | null;
  received_ms: number;
  body: string;
};

/** A row of the audit log; `person` is null where the server itself did it. */
export type AuditRow = {
  pos: number;
  at_ms: number;
  site: string | null;
  person: { id: string; name: string } | null;
  action: string;
  subject: { kind: string; id: string; name: string | null };
  detail: Readonly<Record<string, unknown>>;
};
/** `next` is the position below which there are more. */
export type AuditPage = { rows: AuditRow[]; next: number | null };
export type AuditChoices = { actions: string[]; people: { id: string; name: string }[] };

/** How much is held of a person. */
export type Held = {
  id: string;
  name: string;
  number: string;
  left: boolean;
  erased_ms: number | null;
  consent: { at_ms: number; text: number; language: string; location: boolean } | null;
  records: number;
  places: number;
  texts: number;
  photos: number;
  photo_bytes: number;
};
/** For how many days places and photos are kept: what is chosen, and what holds. */
export type Retention = {
  place_days: number | null;
  photo_days: number | null;
  holds: { place_days: number; photo_days: number };
  agreed: number;
  declined: number;
};
