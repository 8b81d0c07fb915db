export function PhonesPage(_props: { site?: unknown; id: string | null }) { return null; }
