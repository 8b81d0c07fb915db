export function TagsPage(_props: { site?: unknown; id: string | null }) { return null; }
