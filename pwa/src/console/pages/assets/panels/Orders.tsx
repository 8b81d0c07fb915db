import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The work orders of an asset. */
export const Orders: FunctionComponent<AssetPanelProps> = () => null;
