/** What the API of meters says. Values are decimal strings, moments ms since 1970 UTC. */
import type { Label } from '../../../i18n/label';
import type { Limits } from '../../types';

export type Level = 'normal' | 'warning' | 'alarm';
export type Mark = 'jump' | 'lower' | 'twice' | 'rolled' | 'exchanged';
/** The marks that ask for somebody to look. */
export const ASKING: readonly (Mark | null)[] = ['jump', 'lower', 'twice'];
export type Season = { from: string; to: string; limits: Limits };
export type Medium = '' | 'water' | 'power' | 'gas';

export type Meter = {
  id: string;
  asset: { id: string; number: string; name: Label };
  key: string;
  name: Label;
  number: string;
  edition: number;
  unit: string;
  decimals: number;
  kind: 'gauge' | 'counter';
  max: string | null;
  limits: Limits;
  seasons: Season[];
  jump: string | null;
  medium: Medium;
  feeds: string | null;
  team: string | null;
  retired: boolean;
  last: { value: string; at_ms: number; level: Level } | null;
  over_ms: number | null;
  /** How many readings somebody should look at. */
  marked: number;
};

export type Point = {
  id: string;
  at_ms: number;
  lower_ms: number | null;
  upper_ms: number;
  value: string;
  level: Level;
  mark: Mark | null;
  entered: boolean;
  corrected: boolean;
};
export type Stretch = { at_ms: number; low: string; high: string; level: Level; readings: number; marks: number };
export type Exchange = { at_ms: number; end: string | null; start: string | null; number: string | null };
export type Band = { from_ms: number; to_ms: number; limits: Limits };
export type Chart = { points: Point[]; stretches: Stretch[]; exchanges: Exchange[]; bands: Band[]; readings: number; gap_ms: number };

export type Reading = {
  id: string;
  at_ms: number;
  lower_ms: number | null;
  upper_ms: number;
  quality: 'A' | 'B' | 'C' | 'D';
  value: string | null;
  /** What counts now; null: it was struck out, or the meter cannot show it. */
  counts: string | null;
  end: string | null;
  exchange: boolean;
  /** Of an exchange that a technician noted: the new meter's number, their words and photos. */
  number: string | null;
  note: string | null;
  photos: string[];
  level: Level | null;
  mark: Mark | null;
  step: string | null;
  visit: string | null;
  person: string | null;
  entered_by: string | null;
  corrections: { value: string | null; why: string; by: string | null; at_ms: number }[];
};
export type ReadingPage = { readings: Reading[]; next: string | null };
