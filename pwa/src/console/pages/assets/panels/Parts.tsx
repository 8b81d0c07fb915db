import type { FunctionComponent } from 'preact';
import type { AssetPanelProps } from '../types';

/** The parts of an asset. */
export const Parts: FunctionComponent<AssetPanelProps> = () => null;
