export function PlacesPage(_props: { site?: unknown; id: string | null }) { return null; }
