import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The papers of an asset. */
export const Documents: FunctionComponent<AssetPanelProps> = () => null;
