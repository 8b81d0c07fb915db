/** What the API says of assets in lists to choose from, and of what is due on them. */
import type { Label } from '../i18n/label';
import type { Position, TagRef } from './types';

export type AssetState = 'running' | 'stopped' | 'standby' | 'retired';
export type Asset = {
  id: string;
  number: string;
  name: Label;
  category: string;
  zone: string | null;
  position: Position | null;
  retired: boolean;
  tag: TagRef | null;
  /** How many routes have it as a stop. */
  used_by?: number;
  /** What it is a part of. */
  parent?: string | null;
  state?: AssetState;
};
/** A test or calibration of an asset that is over, or soon will be. */
export type DueSoon = { asset: { id: string; number: string; name: Label }; name: Label; next_on: string; over: boolean };
