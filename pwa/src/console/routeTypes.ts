/** Routes, the terms of their stops, and what becomes of them in a round. */
import type { Label } from '../i18n/label';
import type { Quality, TargetRef } from './types';

/** Certificates of a trade that a stop can ask for. */
export const CERTIFICATES = [
  'electrician_low', 'electrician_high', 'height', 'welding', 'cooling', 'confined_space', 'lift_safety', 'lift_repair', 'boiler',
  'pressure_vessel', 'fire_control', 'security_guard', 'first_aid', 'health', 'water_hygiene', 'pesticide',
] as const; // prettier-ignore
export type CertificateKind = (typeof CERTIFICATES)[number];
export type HeldCertificate = { id: string; kind: CertificateKind; number: string; valid_until: string | null };
/** A stop; of its terms those that it has: its own window in minutes after the start, the stay and the way in seconds. */
export type RouteStop = {
  id: string;
  number: number;
  target: TargetRef;
  form: string | null;
  window?: { from_min: number; to_min: number };
  dwell_s?: number;
  walk_s?: number;
  certificate?: CertificateKind;
};
export type RouteOrder = 'advised' | 'enforced' | 'free';
export type PatrolRoute = { id: string; name: Label; order: RouteOrder; stops: RouteStop[] };

/** What a stop of a round asks for, what is doubted of it, and that it was skipped. */
export type StopAsked = {
  window?: { from_ms: number; to_ms: number } | null;
  dwell_s?: number | null;
  certificate?: CertificateKind | null;
  /** Both people of the crew were drawn to scan here; `alone`: only one did in time. */
  both?: boolean;
  alone?: boolean;
  /** Why the stop is only claimed. */
  doubts?: ('tag' | 'time' | 'stay' | 'order')[];
  skips?: SkipSaid[];
};
export type SkipSaid = {
  hash: string;
  reason: 'locked' | 'blocked' | 'works' | 'unsafe' | 'weather' | 'other';
  note: string | null;
  person: { id: string; name: string } | null;
  lower_ms: number | null;
  estimate_ms: number;
  upper_ms: number;
  quality: Quality;
  photos: { sha256: string; state: string; url: string | null }[];
  decision: { accepted: boolean; why: string | null; by: string; at_ms: number } | null;
};
/** Of a round: stops that were skipped with reason, accepted and not accepted. */
export type SkipCounts = { skipped?: number; asked?: number };
export type Expiring = { person: { id: string; name: string }; kind: CertificateKind; valid_until: string; over: boolean };
