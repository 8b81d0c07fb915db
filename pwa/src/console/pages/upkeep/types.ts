/** What the upkeep API says. */
import type { Label } from '../../../i18n/label';
import type { Recurrence } from '../../types';

export type Turn = {
  id: string;
  by: 'calendar' | 'meter' | 'person';
  made_ms: number;
  window: { from_ms: number; to_ms: number } | null;
  skipped: boolean;
  why: string;
  order: { id: string; number: string; state: string; due_ms: number | null } | null;
  ended_ms: number | null;
  done: boolean;
  late: boolean;
  /** Further turns that came due meanwhile and are done with it. */
  joined: number;
};
export type Thread = {
  thing: string;
  number: string;
  name: Label;
  target: { kind: string; id: string } | null;
  in_use: boolean;
  next: { by: 'calendar' | 'meter'; from_ms: number; to_ms: number; opens_ms: number; forecast: boolean } | null;
  open: Turn | null;
  last_done_ms: number | null;
  left: string | null;
  meter: { id: string; name: Label; unit: string; value: string | null } | null;
  no_meter: boolean;
};
export type RuleMeter = { key: string; every: string; origin: 'completion' | 'schedule'; open_days: number };
export type UpkeepRule = {
  id: string;
  name: Label;
  target: { kind: 'asset' | 'checkpoint' | 'category' | 'site'; id: string | null; category: string };
  form: string | null;
  parts: { part: string; quantity: string }[];
  assignee: { kind: 'person' | 'team' | 'company'; id: string } | null;
  class: string;
  asks_signature: boolean;
  demand: string | null;
  recurrence: Recurrence | null;
  meter: RuleMeter | null;
  starts_on: string;
  ends_on: string | null;
  lead_days: number;
  paused: boolean;
  threads: Thread[];
};
export type WholeRule = UpkeepRule & { turns: (Turn & { thing: string })[] };
export type UpkeepTemplate = { key: string; demand: string; name: Label; recurrence: Recurrence; class: string; lead_days: number; asks_signature: boolean };
export type YearCell = { day: number; what: 'planned' | 'open' | 'done' | 'skipped'; forecast: boolean };
export type YearRow = { rule: string; name: Label; demand: string | null; thing: { number: string; name: Label }; months: YearCell[][] };
