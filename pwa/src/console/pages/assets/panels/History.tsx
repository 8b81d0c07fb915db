import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The history of an asset. */
export const History: FunctionComponent<AssetPanelProps> = () => null;
