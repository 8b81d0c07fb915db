/** Service plans: the demands of the catalogue, the templates, and what was made or would be (docs/service-plans.md). */
import type { Label } from '../../i18n/label';
import type { Recurrence } from '../types';
import { useLoad, type Loaded } from './load';

/** Rounds, maintenance, work orders, shifts, other logs, assessment. */
export type DemandKind = 'R' | 'M' | 'W' | 'S' | 'L' | 'A';
export type Demand = { id: string; chapter: Label; text: Label; figure: Label; kinds: DemandKind[] };
export type ServicePlan = { id: string; version: number; name: Label; demands: Demand[] };

export type Craft = 'security' | 'cleaning' | 'engineering' | 'greenery' | 'desk' | 'care';
export type Template = {
  id: string;
  version: number;
  name: Label;
  about: Label;
  per: { key: string; ask: Label; count: number; most: number }[];
  crafts: Craft[];
  /** `first`: chosen unless somebody says otherwise. */
  demands: { id: string; first: boolean; plans: number }[];
};

/** What counts as day on a site, in minutes after midnight. */
export type Daytime = { from_min: number; to_min: number };
export type ThingKind = 'zone' | 'place' | 'form' | 'route' | 'plan' | 'upkeep' | 'clause';
/** From which template a thing was made, and how that differs by now. */
export type Origin = { kind: ThingKind; id: string; template: string; version: number; newer: number | null; gone: boolean; differs: string[]; changed: string[] };
export type Standing = { daytime: Daytime | null; usual_daytime: Daytime; origins: Origin[] };

/** What becomes of a member in which the template says something new: `by_hand` stays, `waits` for a place or form that is not there. */
export type Becomes = 'follows' | 'by_hand' | 'waits';
export type Renewal = { kind: ThingKind; id: string; name: Label; member: string; becomes: Becomes; was: unknown; will: unknown };
export type Renewals = { template: string; version: number; done: boolean; changes: Renewal[] };

/** `there`: it was made from this template before, or a thing of its name is there; null: it is new. */
export type Thing = { key: string; name: Label; id: string | null; there: 'made' | 'name' | null; differs: boolean };
export type PlaceThing = Thing & { kind: 'checkpoint' | 'asset'; number: string; zone: string | null };
export type FormThing = Thing & { fields: number };
export type RouteThing = Thing & { stops: number };
export type PlanThing = Thing & { demand: string | null; also: string[]; whose: string | null; recurrence: Recurrence; crew: 1 | 2; grace_min: number; judged: boolean; route: string | null };
/** A rule of upkeep, or the deadlines of a demand. */
/** `id`: of the rule that there is. `says`: of a rule when it comes, of a demand its deadlines. */
export type PromiseThing = { key: string; demand: string; name: Label; id?: string | null; says?: Recurrence | Timed[] | null; there: 'name' | null; differs: boolean };
/** A deadline in short. */
export type Timed = { what: 'arrive' | 'repair' | 'follow' | 'answer' | 'report'; amount: number; unit: 'minutes' | 'hours' | 'days' | 'working_days' };
export type Outcome = { made: boolean; upkeeps?: PromiseThing[]; clauses?: PromiseThing[]; zones: Thing[]; places: PlaceThing[]; forms: FormThing[]; routes: RouteThing[]; plans: PlanThing[]; missing: string[] };

/** The service plans with their demands. */
export function useCatalogue(): Loaded<ServicePlan[]> {
  const load = useLoad<{ service_plans: ServicePlan[] }>('/service-plans');
  return { ...load, value: load.value?.service_plans ?? null, put: () => undefined };
}

/** The templates. */
export function useTemplates(): Loaded<Template[]> {
  const load = useLoad<{ templates: Template[] }>('/templates');
  return { ...load, value: load.value?.templates ?? null, put: () => undefined };
}

/** The demands by their ids. */
export function byId(plans: readonly ServicePlan[]): Map<string, Demand> {
  return new Map(plans.flatMap((plan) => plan.demands.map((demand) => [demand.id, demand] as const)));
}

/** Whether a plan serves a demand. */
export function serves(plan: { demand: string | null; also: readonly string[] }, demand: string): boolean {
  return plan.demand === demand || plan.also.includes(demand);
}
