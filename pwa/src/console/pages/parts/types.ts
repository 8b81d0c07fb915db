/** What the stock API says. Quantities and amounts are decimal texts. */
import type { Label } from '../../../i18n/label';

export type Part = {
  id: string;
  number: string;
  name: Label;
  unit: string;
  category: string;
  code: string | null;
  minimum: string | null;
  reorder: string | null;
  price: string | null;
  places: string[];
  stock: string;
  /** How much is to be ordered; `0` while the minimum is kept. */
  order: string;
  retired: boolean;
};
export type MoveWhy = 'received' | 'used' | 'returned' | 'written_off' | 'moved' | 'counted';
export type Move = {
  key: string;
  source: 'office' | 'phone';
  why: MoveWhy;
  quantity: string;
  stock: string;
  difference: string | null;
  at_ms: number;
  received_ms: number;
  person: string | null;
  by: string | null;
  order: string | null;
  asset: string | null;
  note: string;
  quality: string;
  marks: string[];
  late: boolean;
};
export type Moves = { moves: Move[]; next: string | null };
export type Take = {
  id: string;
  category: string;
  begun_ms: number;
  begun_by: string | null;
  settled_ms: number | null;
  settled_by: string | null;
  outcome: 'confirmed' | 'dropped' | null;
};
export type Counted = {
  part: string;
  number: string;
  name: Label;
  unit: string;
  places: string[];
  counted: string | null;
  expected: string | null;
  difference: string | null;
  at_ms: number | null;
  by: string | null;
  source: string | null;
  times: number;
};
export type WholeTake = Take & { parts: Counted[]; may_confirm: boolean };
export type CostLine = { key: string | null; cost: string; unpriced: number };
export type Costs = { total: string; unpriced: number; by_month: CostLine[]; by_part: CostLine[]; by_asset: CostLine[]; by_order: CostLine[] };
export type AssetParts = {
  parts: { part: string; number: string; name: Label; unit: string; why: MoveWhy; quantity: string; at_ms: number; person: string | null; order: string | null }[];
  cost: string;
  unpriced: number;
};

/** A number with a true minus, and a plus where it matters which way. */
export function signed(quantity: string, plus = false): string {
  if (quantity.startsWith('-')) return `−${quantity.slice(1)}`;
  return plus && quantity !== '0' ? `+${quantity}` : quantity;
}

/** Whether a quantity is below nothing. */
export function isBelow(quantity: string): boolean {
  return quantity.startsWith('-');
}
