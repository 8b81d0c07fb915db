import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The card of an asset. */
export const Card: FunctionComponent<AssetPanelProps> = () => null;
