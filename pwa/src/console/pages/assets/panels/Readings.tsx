import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The meters of an asset. */
export const Readings: FunctionComponent<AssetPanelProps> = () => null;
