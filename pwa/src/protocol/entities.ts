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
export type AssetBody = CheckpointBody & { category: unknown };
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

export type Limits = { alarm_low?: string; warn_low?: string; warn_high?: string; alarm_high?: string };
export type FieldCommon = { id: string; label: Label; required?: boolean; hint?: Label };
export type CheckField = FieldCommon & { kind: 'check'; photo_on_fault?: boolean };
export type NumberField = FieldCommon & { kind: 'number'; unit?: string; decimals?: number; limits?: Limits };
export type ChoiceOption = { id: string; label: Label; fault?: boolean };
export type ChoiceField = FieldCommon & { kind: 'choice'; options: ChoiceOption[] };
export type TextField = FieldCommon & { kind: 'text'; max?: number };
export type PhotoField = FieldCommon & { kind: 'photo'; min?: number };
export type FormField = CheckField | NumberField | ChoiceField | TextField | PhotoField;
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
  person: PersonBody;
  team: TeamBody;
  map: MapBody;
};
export type Kind = keyof Bodies;
export const KINDS: readonly Kind[] = [
  'site', 'checkpoint', 'asset', 'tag', 'form', 'route', 'plan', 'occurrence', 'person', 'team', 'map',
]; // prettier-ignore
