import { useEffect } from 'preact/hooks';
import { signOut } from '../actions/signIn';
import { site } from '../state/app';

/** How often the quiet is measured, ms. */
const LOOK_MS = 10_000;

/** Lock the phone when nobody has touched it for the site's minutes; drafts and the outbox stay as they are. */
export function useQuietLock(): void {
  const minutes = site.value?.quiet_lock_min ?? 0;
  useEffect(() => {
    if (minutes <= 0) return undefined;
    let last = performance.now();
    const touch = (): void => {
      last = performance.now();
    };
    const look = (): void => {
      if (performance.now() - last >= minutes * 60_000) void signOut('quiet');
    };
    const events = ['pointerdown', 'keydown'] as const;
    for (const event of events) addEventListener(event, touch, { passive: true });
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      for (const event of events) removeEventListener(event, touch);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [minutes]);
}
