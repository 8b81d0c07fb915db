export function RoutesPage(_props: { site?: unknown; id: string | null }) { return null; }
