export function PlansPage(_props: { site?: unknown; id: string | null }) { return null; }
