export function PeoplePage(_props: { site?: unknown; id: string | null }) { return null; }
