/** Plans as the server gives them (docs/plans.md). */
import type { Label } from '../i18n/label';
import type { TargetRef } from './types';

/** `days` later it ends; an end at or before the start is the next day's. */
export type PlanWindow = { from: string; to: string; days?: number };
export type Per = 'day' | 'week' | 'half_month' | 'month' | 'quarter' | 'half_year' | 'year';
export type CalendarRecurrence = {
  kind: 'calendar';
  /** Of RFC 5545, days alone. */
  rule: string;
  days?: 'all' | 'working' | 'free';
  shift?: 'none' | 'before' | 'after';
  windows?: PlanWindow[];
  every?: { from: string; to: string; minutes: number };
};
/** When a plan recurs (docs/plans.md). */
export type Recurrence =
  | CalendarRecurrence
  | { kind: 'count'; times: number; per: Per }
  | { kind: 'after'; every: { days: number } | { months: number }; open_days: number }
  | { kind: 'once'; from: string; to: string };
export type AssigneeKind = 'team' | 'post' | 'person' | 'company';
/** A place where somebody is on duty; `team` mans it. */
export type Post = { id: string; name: Label; team: string | null };
export type SpecialWhy = 'storm' | 'power_cut' | 'festival' | 'other';
export type Plan = {
  id: string;
  name: Label;
  /** The route that is walked, or else the one stop. */
  route: string | null;
  stop: { target: TargetRef; form: string | null } | null;
  demand: string | null;
  /** Further demands that the same rounds serve. */
  also: readonly string[];
  crew: 1 | 2;
  /** Within how many minutes of each other two scan where both must. */
  crew_within_min?: number;
  grace_min: number;
  /** Whom it is given to; null: any worker of the site. */
  assignee: { kind: AssigneeKind; id: string } | null;
  recurrence: Recurrence;
  /** False: a colleague who takes a round over is marked. */
  stand_in: boolean;
  /** Of a special round, why it was sent out. */
  special: { why: SpecialWhy; text: string } | null;
  starts_on: string;
  ends_on: string | null;
  paused: boolean;
};
