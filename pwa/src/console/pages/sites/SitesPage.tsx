export function SitesPage(_props: { site?: unknown; id: string | null }) { return null; }
