/** What the asset register's API says. Days are `YYYY-MM-DD` of the site; spans are ms. */
import type { Label } from '../../../i18n/label';
import type { Asset, AssetState, SiteRef } from '../../types';

export const MEMBERS = ['category', 'zone', 'maker', 'model', 'serial', 'installed_on', 'criticality', 'photo', 'procedure', 'standard', 'registration', 'duty'] as const;
export type Member = (typeof MEMBERS)[number];
export type PartRef = { id: string; number: string; name: Label; state: AssetState };

/** The card of an asset. */
export type AssetCard = Asset & {
  parent: string | null;
  state: AssetState;
  maker: string;
  model: string;
  serial: string;
  /** A year, a month or a day; empty where nobody said. */
  installed_on: string;
  warranty_until: string | null;
  criticality: 'A' | 'B' | 'C' | null;
  special: boolean;
  registration: string;
  certificate: string | null;
  photo: { sha256: string; url: string } | null;
  /** What it is a part of, from the outermost in. */
  whole: PartRef[];
  parts: PartRef[];
  /** What the card lacks of what cards of its category need. */
  gaps: Member[];
};

/** What a panel of the asset page is given. */
export type AssetPanelProps = { site: SiteRef; asset: AssetCard };

export type RegisterRow = {
  id: string;
  number: string;
  name: Label;
  category: string;
  zone: string | null;
  parent: string | null;
  parts: number;
  maker: string;
  model: string;
  criticality: 'A' | 'B' | 'C' | null;
  special: boolean;
  registration: string;
  state: AssetState;
  next_due: string | null;
  gaps: Member[];
};
export type Tallies = { assets: number; stopped: number; over: number; soon: number; gaps: number; special: number };
export type Register = { rows: RegisterRow[]; total: number; offset: number; tallies: Tallies; categories: { category: string; assets: number }[] };

export type PaperKind = 'procedure' | 'standard' | 'drawing' | 'certificate' | 'other';
export type Paper = {
  id: string;
  title: Label;
  kind: PaperKind;
  assets: string[];
  categories: string[];
  mime: string;
  size: number;
  pages: { sha256: string; width: number; height: number; url: string }[];
  url: string;
  added_ms: number;
};

export type Moment = { lower_ms: number | null; estimate_ms: number; upper_ms: number };
export type Said = {
  key: string;
  source: 'record' | 'office';
  state: AssetState;
  at: Moment;
  claimed: boolean;
  said_ms: number;
  person: { id: string; name: string } | null;
  note: string | null;
  marks: string[];
  photos: number;
};
export type Stretch = { state: AssetState; begin: Moment | null; end: Moment | null };
export type MonthFigures = {
  month: string;
  watched_ms: number;
  down_ms: number;
  down_low_ms: number;
  down_high_ms: number;
  failures: number;
  longest_ms: number;
  mean_between_ms: number | null;
  share: string | null;
};
export type Running = { state: AssetState; now_ms: number; said: Said[]; stretches: Stretch[]; months: MonthFigures[] };

export type DutyDone = { id: string; done_on: string; passed: boolean; number: string; by: string; document: string | null; next_on: string | null; entered_ms: number; entered_by: string | null };
export type DutyKind = 'test' | 'calibration' | 'lightning' | 'other';
export type Duty = {
  id: string;
  asset: PartRef;
  name: Label;
  kind: DutyKind;
  every_months: number;
  anchor: 'done' | 'fixed';
  first_on: string;
  remind_days: number;
  next_on: string;
  state: 'over' | 'soon' | 'ahead';
  days_left: number;
  special: boolean;
  registration: string;
  done: DutyDone[];
};

export type CategoryGaps = {
  category: string;
  assets: number;
  whole: number;
  needed: number;
  there: number;
  gaps: { member: Member; needed: number; missing: number }[];
  needs: Member[];
  chosen: boolean;
};
export type Completeness = { assets: number; whole: number; needed: number; there: number; categories: CategoryGaps[] };

export const FOUND = ['there', 'defect', 'missing'] as const;
export type Found = (typeof FOUND)[number];
export type TakeOverCounts = { total: number; checked: number; there: number; defect: number; missing: number };
export type TakeOverGroup = TakeOverCounts & { group: 'parts' | 'papers' | 'assets'; category: string };
/** A shared part or paper by its name, such as `roof`; an asset by itself. */
export type TakeOverItemName =
  | 'structure' | 'roof' | 'facade' | 'lobby' | 'stairs' | 'corridors' | 'roads' | 'greens'
  | 'as_built' | 'acceptance' | 'pipes' | 'equipment' | 'manuals' | 'permits' | 'fire' | 'special' | 'warranty' | 'instructions'; // prettier-ignore
export type TakeOverItem = {
  group: TakeOverGroup['group'];
  category: string;
  item: TakeOverItemName | null;
  asset: PartRef | null;
  found: Found | null;
  note: string;
  checked_ms: number | null;
  checked_by: string | null;
};
export type TakeOver = {
  id: string;
  from_whom: string;
  begun_ms: number;
  begun_by: string | null;
  ended_ms: number | null;
  ended_by: string | null;
  sums: TakeOverCounts;
  groups: TakeOverGroup[];
};
export type TakeOverPage = { take_over: TakeOver | null; items: TakeOverItem[]; total: number; offset: number };
