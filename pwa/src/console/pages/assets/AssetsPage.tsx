export function AssetsPage(_props: { site?: unknown; id: string | null }) { return null; }
