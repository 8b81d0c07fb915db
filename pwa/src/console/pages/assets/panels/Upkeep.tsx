import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The upkeep of an asset. */
export const Upkeep: FunctionComponent<AssetPanelProps> = () => null;
