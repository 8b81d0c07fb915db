export function AttentionPage(_props: { site?: unknown; id: string | null }) { return null; }
