/** What the asset register's API says. Days are `YYYY-MM-DD` of the site. */
import type { Asset, SiteRef } from '../../types';

/** What a panel of the asset page is given. */
export type AssetPanelProps = { site: SiteRef; asset: Asset };
