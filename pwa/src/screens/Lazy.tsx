import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type LazyProps = { load: () => Promise<ComponentType> };

/** Shows a screen when its code has come. */
export function Lazy({ load }: LazyProps) {
  const [Screen, setScreen] = useState<ComponentType | null>(null);
  useEffect(() => {
    void load().then((screen) => setScreen(() => screen));
  }, [load]);
  return Screen ? <Screen /> : null;
}
