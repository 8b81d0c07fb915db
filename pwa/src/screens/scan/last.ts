/** The place whose tag was scanned last, so that a report can say where the person stands. */
import { signal } from '@preact/signals';
import type { Label, TargetRef } from '../../protocol/entities';

export type ScannedPlace = { target: TargetRef; number: string; name: Label; at: number };

/** Null until a tag was scanned, and again when its minutes are over. */
export const lastPlace = signal<ScannedPlace | null>(null);
