export function FormsPage(_props: { site?: unknown; id: string | null }) { return null; }
